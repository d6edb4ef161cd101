import os

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
ec2 = boto3.client("ec2")


class Parent:
    def __init_subclass__(cls, **options): ...


class Child(*[Parent], **{"option": 1}):
    def send(self):
        sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="in")


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="before")
    Child().send()
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
