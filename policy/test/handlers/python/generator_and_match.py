import os

import boto3

s3 = boto3.client("s3")


def versions(bucket):
    marker = {}
    while True:
        page = s3.list_object_versions(Bucket=bucket, **marker)
        yield from page.get("Versions", [])
        if not page["IsTruncated"]:
            return
        marker = {"KeyMarker": page["NextKeyMarker"]}


def handler(event, context):
    match event:
        case {"detail-type": "Object Created", "detail": {"object": {"key": key}}}:
            return [it["VersionId"] for it in versions(os.environ["BUCKET"]) if it["Key"] == key]
        case {"source": "aws.events"}:
            return s3.get_bucket_versioning(Bucket=os.environ["BUCKET"])
