"""S3 of another provider, with its keys."""
import os

import boto3

r2 = boto3.client(
    "s3",
    endpoint_url=os.environ["R2_ENDPOINT"],
    aws_access_key_id=os.environ["R2_ACCESS_KEY_ID"],
    aws_secret_access_key=os.environ["R2_SECRET_ACCESS_KEY"],
)
s3 = boto3.client("s3")


def handler(event, context):
    body = s3.get_object(Bucket=os.environ["BUCKET"], Key=event["key"])["Body"].read()
    r2.put_object(Bucket="mirror", Key=event["key"], Body=body)
