from os import environ

from boto3 import client

ec2 = client("ec2", region_name="eu-west-1")


def handler(event, context):
    response = ec2.reboot_instances(InstanceIds=[environ["INSTANCE_ID"]])
    return response["ResponseMetadata"]["HTTPStatusCode"]
