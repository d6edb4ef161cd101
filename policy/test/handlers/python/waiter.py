import os

import boto3

ec2 = boto3.client("ec2")
cloudformation = boto3.client("cloudformation")
INSTANCE = os.environ["INSTANCE_ID"]


def handler(event, context):
    ec2.stop_instances(InstanceIds=[INSTANCE])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[INSTANCE])
    waiter = cloudformation.get_waiter("stack_update_complete")
    waiter.wait(StackName=os.environ["STACK_NAME"], WaiterConfig={"Delay": 5})
    boto3.client("s3").get_waiter(waiter_name="bucket_exists").wait(Bucket=os.environ["BUCKET"])
