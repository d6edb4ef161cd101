import os
from dataclasses import dataclass, field
from typing import NamedTuple

import boto3


@dataclass(frozen=True)
class Settings:
    topic_arn: str = os.environ["TOPIC_ARN"]
    queue_url: str = field(default=os.environ.get("QUEUE_URL", ""))
    table_name: str = field(default_factory=lambda: os.environ["TABLE_NAME"])


class Storage(NamedTuple):
    bucket: str = os.getenv("BUCKET", "")


class Stream:
    def __init__(self, name=None):
        self.name = name or os.environ["STREAM_NAME"]


settings = Settings()
storage = Storage()
stream = Stream()


def handler(event, context):
    boto3.client("sns").publish(TopicArn=settings.topic_arn, Message="hello")
    boto3.client("sqs").send_message(QueueUrl=settings.queue_url, MessageBody="hello")
    boto3.client("dynamodb").delete_item(TableName=Settings().table_name, Key=event["key"])
    boto3.client("s3").get_object(Bucket=storage.bucket, Key=event["name"])
    boto3.client("kinesis").put_record(StreamName=stream.name, Data=b"", PartitionKey="1")
