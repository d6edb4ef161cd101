import os

import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
ec2 = boto3.client("ec2")


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="before")
    try:
        print(event)
    except* (ValueError, TypeError) as group:
        sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="in")
    except* OSError:
        raise
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
