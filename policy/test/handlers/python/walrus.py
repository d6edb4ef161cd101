import os

import boto3


def handler(event, context):
    if queue_url := os.environ.get("QUEUE_URL"):
        (sqs := boto3.client("sqs")).send_message(QueueUrl=queue_url, MessageBody="{}")
        while messages := sqs.receive_message(QueueUrl=queue_url).get("Messages"):
            print(len(messages))
