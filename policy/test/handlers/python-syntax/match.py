import os

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
ec2 = boto3.client("ec2")


class Point:
    __match_args__ = ("x", "y")


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="before")
    match event:
        case {"records": [{"id": str(key)}, *rest]} if rest:
            print(key)
        case {"kind": "a" | "b" as kind, **others}:
            sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="in")
        case [1, -2.5, None, True] | Point(x=0, y=0):
            print(event)
        case _:
            print("other")
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
