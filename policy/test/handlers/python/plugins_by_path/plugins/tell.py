import os

import boto3


def run(event):
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC_ARN"], Message=event["text"])
