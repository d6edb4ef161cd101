import os

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
ec2 = boto3.client("ec2")


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="before")
    print(0xFF_FF, 0b1_0, 0o17, 1_000.5e-3, 2j, ..., rb"\x00", Rb"a", u"b", "c" 'd', r"\d", sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="in"))
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
