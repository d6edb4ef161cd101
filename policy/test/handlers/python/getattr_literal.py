import os

import boto3

ec2 = boto3.client("ec2")


def handler(event, context):
    if event["reboot"]:
        getattr(ec2, "reboot_instances")(InstanceIds=[os.environ["INSTANCE_ID"]])
