import os

import boto3

topic = boto3.resource("sns").Topic(os.environ["TOPIC_ARN"])
stack = boto3.resource("cloudformation").Stack(os.environ["STACK_NAME"])
alarm = boto3.resource("cloudwatch").Alarm(os.environ["ALARM_NAME"])


def handler(event, context):
    alarm.disable_actions()
    status = stack.stack_status
    topic.publish(Message=f"The stack is {status}", Subject="Stack")
