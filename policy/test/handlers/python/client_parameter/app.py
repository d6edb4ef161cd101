import os

import boto3

from notifications import send
from storage import Archive

sns = boto3.client("sns")
archive = Archive(boto3.client("s3"), os.environ["ARCHIVE_BUCKET"])


def handler(event, context):
    send(sns, "order archived")
    archive.keep(event["order"])
