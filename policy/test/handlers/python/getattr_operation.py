import os

import boto3

ec2 = boto3.client("ec2")


def handler(event, context):
    operation = getattr(ec2, f"{event['verb']}_instances")
    return operation(InstanceIds=[os.environ["INSTANCE_ID"]])
