import os

import boto3


def make_notifier(topic_arn):
    sns = boto3.client("sns")
    sent = 0

    def notify(text):
        nonlocal sent
        sent += 1
        return sns.publish(TopicArn=topic_arn, Message=f"{sent}: {text}")

    return notify


notify = make_notifier(os.environ["TOPIC_ARN"])


def handler(event, context):
    for record in event["Records"]:
        notify(record["messageId"])
