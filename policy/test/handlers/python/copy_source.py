import os

import boto3

s3 = boto3.client("s3")
INCOMING = os.environ["INCOMING_BUCKET"]


def handler(event, context):
    s3.copy_object(
        Bucket=os.environ["ARCHIVE_BUCKET"],
        Key=event["key"],
        CopySource={"Bucket": INCOMING, "Key": event["key"]},
    )
    s3.copy_object(
        Bucket=os.environ["BACKUP_BUCKET"], Key=event["key"], CopySource=f"{INCOMING}/{event['key']}"
    )
    s3.delete_object(Bucket=INCOMING, Key=event["key"])
