import os

import boto3

COMMANDS = {}


def command(name):
    def register(function):
        COMMANDS[name] = function
        return function

    return register


@command("reboot")
def reboot(event):
    boto3.client("ec2").reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])


@command("notify")
def notify(event):
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC_ARN"], Message=event["text"])


def handler(event, context):
    return COMMANDS[event["command"]](event)
