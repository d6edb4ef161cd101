from __future__ import annotations

import os
import typing
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from administration import Administrator
if typing.TYPE_CHECKING:
    import administration

sqs = boto3.client("sqs")


def run(administrator: Administrator, other: administration.Administrator) -> None:
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=str(administrator))


def handler(event, context):
    run(None, None)
