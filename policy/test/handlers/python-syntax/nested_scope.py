import os

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
ec2 = boto3.client("ec2")

count = 0


def outer():
    global count
    count = 1
    local = {}

    def inner():
        nonlocal local
        assert sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="in"), "nothing sent"
        del local

    inner()


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="before")
    outer()
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
