import os

import boto3

from shared.aws import forget

s3 = boto3.client("s3")


def handler(event, context):
    s3.delete_objects(Bucket=os.environ["BUCKET"], Delete={"Objects": event["objects"]})
    forget(event["id"])
