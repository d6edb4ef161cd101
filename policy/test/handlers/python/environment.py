import os
from os import environ, getenv

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
s3 = boto3.client("s3")
ENV = os.environ

TOPIC_ARN = os.environ["TOPIC_ARN"]
QUEUE_URL = os.environ.get("QUEUE_URL")
BUCKET = os.getenv("BUCKET", "no-bucket")
KEY_ARN = getenv("KEY_ARN")
STORAGE_CLASS = environ.get("STORAGE_CLASS", default="STANDARD")


def handler(event, context):
    sns.publish(TopicArn=TOPIC_ARN, Message="hello")
    sqs.send_message(QueueUrl=QUEUE_URL or ENV["OTHER_QUEUE_URL"], MessageBody="hello")
    s3.put_object(
        Bucket=BUCKET,
        Key="hello",
        Body=getenv("GREETING"),
        SSEKMSKeyId=KEY_ARN,
        StorageClass=STORAGE_CLASS,
    )
