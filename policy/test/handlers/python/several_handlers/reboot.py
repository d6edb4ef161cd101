import os

import boto3

from shared import aws

ec2 = boto3.client("ec2")


def handler(event, context):
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
    aws.tell("rebooted")
