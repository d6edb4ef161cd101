"""Keys of another role, only if there is one."""
import os

import boto3


def handler(event, context):
    options = {"region_name": os.environ["AWS_REGION"]}
    if role := event.get("role"):
        found = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="scan")["Credentials"]
        options["aws_access_key_id"] = found["AccessKeyId"]
        options["aws_secret_access_key"] = found["SecretAccessKey"]
        options["aws_session_token"] = found["SessionToken"]
    ec2 = boto3.client("ec2", **options)
    ec2.describe_volumes()
