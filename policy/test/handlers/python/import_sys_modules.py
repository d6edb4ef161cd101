import os
import sys

import boto3


def handler(event, context):
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="hello")
    sys.modules["boto3"].client("sns").publish(TopicArn=os.environ["TOPIC_ARN"], Message="hello")
