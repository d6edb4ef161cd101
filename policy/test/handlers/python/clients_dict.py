import os
from types import SimpleNamespace

import boto3

CLIENTS = {
    "alerts": boto3.client("sns"),
    "jobs": boto3.client("sqs"),
}
aws = SimpleNamespace(events=boto3.client("events"), lambda_=boto3.client("lambda"))


def handler(event, context):
    CLIENTS["alerts"].publish(TopicArn=os.environ["TOPIC_ARN"], Message="started")
    CLIENTS.get("jobs").send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="{}")
    aws.lambda_.invoke(FunctionName=os.environ["WORKER"], InvocationType="Event")
    aws.events.disable_rule(Name=os.environ["RULE_NAME"])
