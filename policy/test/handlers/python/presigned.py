import os

import boto3
from botocore.config import Config

s3 = boto3.client("s3", config=Config(signature_version="s3v4"))
BUCKET = os.environ["UPLOAD_BUCKET"]


def handler(event, context):
    download = s3.generate_presigned_url(
        "get_object", Params={"Bucket": BUCKET, "Key": event["key"]}, ExpiresIn=300
    )
    upload = s3.generate_presigned_url(
        ClientMethod="put_object",
        Params={"Bucket": BUCKET, "Key": event["key"]},
    )
    form = s3.generate_presigned_post(BUCKET, event["key"], ExpiresIn=60)
    return {"download": download, "upload": upload, "form": form}
