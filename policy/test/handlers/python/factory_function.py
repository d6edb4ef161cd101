import os

import boto3
from botocore.config import Config

REGION = os.environ["AWS_REGION"]


def create_client(timeout: int = 5):
    config = Config(connect_timeout=timeout, read_timeout=timeout)
    return boto3.client("autoscaling", region_name=REGION, config=config)


get_queue = lambda: boto3.client("sqs")


def handler(event, context):
    autoscaling = create_client(timeout=2)
    autoscaling.set_desired_capacity(
        AutoScalingGroupName=os.environ["GROUP_NAME"], DesiredCapacity=event["capacity"]
    )
    get_queue().purge_queue(QueueUrl=os.environ["QUEUE_URL"])
