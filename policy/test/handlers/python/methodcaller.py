import os
from operator import attrgetter, methodcaller

import boto3

sns = boto3.client("sns")
ec2 = boto3.client("ec2")


def handler(event, context):
    methodcaller("publish", TopicArn=os.environ["TOPIC_ARN"], Message="hello")(sns)
    attrgetter("reboot_instances")(ec2)(InstanceIds=[os.environ["INSTANCE_ID"]])
