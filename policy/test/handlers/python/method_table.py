import os

import boto3

ec2 = boto3.client("ec2")
OPERATIONS = {
    "start": ec2.start_instances,
    "stop": ec2.stop_instances,
}


def handler(event, context):
    OPERATIONS[event["verb"]](InstanceIds=[os.environ["INSTANCE_ID"]])
