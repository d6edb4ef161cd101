"""Forwards an alarm to the on-call topic."""
import json
import os

import boto3

sns = boto3.client("sns")


def handler(event, context):
    sns.publish(
        TopicArn=os.environ["TOPIC_ARN"],
        Subject="Alarm",
        Message=json.dumps(event["detail"]),
    )
