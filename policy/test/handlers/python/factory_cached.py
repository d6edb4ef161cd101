import os
from functools import cache, lru_cache

import boto3


@cache
def client(service):
    return boto3.client(service)


@lru_cache(maxsize=None)
def table():
    return boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event, context):
    client("ec2").reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
    client(service="sns").publish(TopicArn=os.environ["TOPIC_ARN"], Message="rebooted")
    table().put_item(Item={"id": event["id"]})
