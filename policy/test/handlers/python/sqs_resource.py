import os

import boto3

sqs = boto3.resource("sqs")


def handler(event, context):
    queue = sqs.get_queue_by_name(QueueName=os.environ["QUEUE_NAME"])
    failed = sqs.Queue(os.environ["DEAD_LETTER_URL"])
    for message in failed.receive_messages(MaxNumberOfMessages=10, WaitTimeSeconds=1):
        queue.send_message(MessageBody=message.body)
        message.delete()
    return queue.url
