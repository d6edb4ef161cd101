import os as system

import boto3 as aws
import botocore.exceptions as errors

queue = aws.client(service_name="sqs")


def handler(event, context):
    try:
        queue.send_message(QueueUrl=system.environ["QUEUE_URL"], MessageBody=str(event))
    except errors.ClientError as error:
        print(error.response["Error"]["Code"])
        raise
