import json
import os

import boto3
from botocore.exceptions import ClientError

ec2 = boto3.client("ec2")
sns = boto3.client("sns")


def handler(event, context):
    instance_id = os.environ["INSTANCE_ID"]
    try:
        ec2.reboot_instances(InstanceIds=[instance_id])
        result = f"Rebooted {instance_id}"
    except ClientError as error:
        result = f"Not rebooted: {error.response['Error']['Code']}"
    sns.publish(
        TopicArn=os.environ["TOPIC_ARN"],
        Subject=result[:100],
        Message=json.dumps({"result": result, "alert": event}),
    )
    return {"statusCode": 200, "body": result}
