from __future__ import annotations

import os
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns.client import SNSClient

sns: SNSClient = boto3.client("sns")
_table: Table | None = None


def table() -> Table:
    global _table
    if _table is None:
        _table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
    return _table


def size(client: S3Client, key: str) -> int:
    return client.head_object(Bucket=os.environ["BUCKET"], Key=key)["ContentLength"]


def handler(event: dict, context: object) -> None:
    total: int = sum(size(boto3.client("s3"), key) for key in event["keys"])
    table().put_item(Item={"id": event["id"], "size": total})
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message=str(total))
