"""Sends to a queue, or to a topic: the same function must be allowed to do both."""
import os

import boto3


def handler(event, context):
    if event["kind"] == "queue":
        client = boto3.client("sqs")
        client.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=event["text"])
    else:
        client = boto3.client("sns")
        client.publish(TopicArn=os.environ["TOPIC_ARN"], Message=event["text"])
