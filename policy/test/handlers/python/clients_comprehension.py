import os

import boto3

clients = {service: boto3.client(service) for service in ("sns", "sqs")}


def handler(event, context):
    clients["sns"].publish(TopicArn=os.environ["TOPIC_ARN"], Message="hello")
