import os

import boto3
import botocore
from botocore.client import Config

public = boto3.client("s3", config=Config(signature_version=botocore.UNSIGNED))
s3 = boto3.client("s3", config=Config(retries={"max_attempts": 3}))


def handler(event, context):
    image = public.get_object(Bucket="noaa-goes16", Key=event["key"])["Body"].read()
    s3.put_object(Bucket=os.environ["BUCKET"], Key=event["key"], Body=image)
