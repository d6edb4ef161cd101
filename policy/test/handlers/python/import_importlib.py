import importlib
import os

sdk = importlib.import_module("boto3")
s3 = getattr(sdk, "client")("s3")


def handler(event, context):
    head = s3.head_object(Bucket=os.environ["BUCKET"], Key=event["key"])
    return head["ContentLength"]
