import os

import boto3

s3 = boto3.resource("s3")
bucket = s3.Bucket(os.environ["BUCKET"])


def handler(event, context):
    for summary in bucket.objects.filter(Prefix=f"incoming/{event['day']}/"):
        body = summary.get()["Body"].read()
        s3.Object(os.environ["ARCHIVE"], summary.key).put(Body=body)
    report = bucket.Object("report.csv")
    if report.content_length > 0:
        report.delete()
    bucket.upload_file("/tmp/report.csv", "report.csv")
    bucket.objects.filter(Prefix="incoming/").delete()
    return bucket.name
