import os
import threading
from contextvars import ContextVar
from types import ModuleType

import boto3

local = threading.local()
current = ContextVar("sqs", default=boto3.client("sqs"))
aws = ModuleType("aws")
aws.events = boto3.client("events")


def handler(event, context):
    if not hasattr(local, "sns"):
        local.sns = boto3.client("sns")
    local.sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="hello")
    current.get().send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="hello")
    aws.events.enable_rule(Name=os.environ["RULE_NAME"])
