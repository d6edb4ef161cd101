import boto3

import config
from config import QUEUE_URL as queue_url
from config import settings

sqs = boto3.client("sqs")


def handler(event, context):
    sqs.send_message(QueueUrl=queue_url, MessageBody=event["id"])
    boto3.client("sns").publish(TopicArn=config.TOPIC_ARN, Message=event["id"])
    boto3.client("lambda").invoke(FunctionName=settings["worker"])
    boto3.client("events").enable_rule(Name=config.Rules.NIGHTLY)
