import os

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
ec2 = boto3.client("ec2")


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="before")
    message = {"MessageBody": "in"} | {"QueueUrl": os.environ["QUEUE_URL"]}
    message |= {"DelaySeconds": 1}
    sqs.send_message(**message)
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
