import os

import boto3


class ConfigurationError(Exception):
    pass


def env(name: str, default=None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ConfigurationError(f"{name} is not set")
    return value


def required(name):
    try:
        return os.environ[name]
    except KeyError:
        raise ConfigurationError(name) from None


sns = boto3.client("sns")
TOPIC_ARN = env("TOPIC_ARN")


def handler(event, context):
    sns.publish(TopicArn=TOPIC_ARN, Message="hello")
    boto3.client("sqs").send_message(QueueUrl=required("QUEUE_URL"), MessageBody="hello")
    boto3.client("ssm").get_parameter(Name=env("PARAMETER", default="/shop/token"))
