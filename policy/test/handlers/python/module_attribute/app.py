import os

import boto3

import notifications

notifications.sns = boto3.client("sns")
notifications.topic_arn = os.environ["TOPIC_ARN"]


def handler(event, context):
    notifications.send(event["text"])
