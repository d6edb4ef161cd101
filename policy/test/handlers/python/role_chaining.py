import os

import boto3

sts = boto3.client("sts")


def handler(event, context):
    credentials = sts.assume_role(
        RoleArn=os.environ["AUDIT_ROLE_ARN"], RoleSessionName="audit"
    )["Credentials"]
    foreign = boto3.client(
        "s3",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    buckets = foreign.list_buckets()["Buckets"]
    account = sts.get_caller_identity()["Account"]
    boto3.client("s3").put_object(
        Bucket=os.environ["REPORT_BUCKET"], Key=account, Body=str(len(buckets))
    )
