import os

import boto3

boto3.setup_default_session(region_name="eu-west-1")


def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="hello")
    boto3.DEFAULT_SESSION.client("sns").publish(TopicArn=os.environ["TOPIC_ARN"], Message="hello")
