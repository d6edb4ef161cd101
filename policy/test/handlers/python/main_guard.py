import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=event["text"])


def main():
    for page in sqs.get_paginator("list_queues").paginate():
        print(page["QueueUrls"])


if __name__ == "__main__":
    sqs.create_queue(QueueName="local")
    main()
    handler({"text": "hello"}, None)
