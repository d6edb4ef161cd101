import os

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
ec2 = boto3.client("ec2")


def send[T: dict, *Rest, **Options](items: list[T]) -> T:
    return items[0]


class Box[T]:
    def __init__(self, value: T):
        self.value = value

    def send(self) -> None:
        sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="in")


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="before")
    send([event])
    Box(event).send()
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
