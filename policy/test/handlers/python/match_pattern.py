import os
from dataclasses import dataclass
from typing import Any

import boto3


@dataclass
class Target:
    client: Any
    arn: str


def handler(event, context):
    match Target(boto3.client("sns"), os.environ["TOPIC_ARN"]):
        case Target(client=client, arn=arn) if arn:
            client.publish(TopicArn=arn, Message="hello")
