import io
import os

import boto3
from boto3.s3.transfer import TransferConfig

s3 = boto3.client("s3")
SOURCE = os.environ["SOURCE_BUCKET"]
TARGET = os.environ["TARGET_BUCKET"]


def handler(event, context):
    s3.download_file(SOURCE, event["key"], "/tmp/in.csv")
    buffer = io.BytesIO()
    s3.download_fileobj(Bucket=SOURCE, Key="header.csv", Fileobj=buffer)
    buffer.seek(0)
    s3.upload_fileobj(buffer, TARGET, "header.csv")
    s3.upload_file(
        Filename="/tmp/in.csv",
        Bucket=TARGET,
        Key=event["key"],
        Config=TransferConfig(max_concurrency=2),
    )
    s3.copy({"Bucket": SOURCE, "Key": event["key"]}, TARGET, f"copy/{event['key']}")
