import os

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
ec2 = boto3.client("ec2")


def pairs(rest):
    yield 0, *rest
    return sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="in"), *rest


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="before")
    list(pairs([1]))
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
