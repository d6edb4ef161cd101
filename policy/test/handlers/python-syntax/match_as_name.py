import os

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
ec2 = boto3.client("ec2")


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="before")
    match = case = type = sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="in")
    print(match, case, type)
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
