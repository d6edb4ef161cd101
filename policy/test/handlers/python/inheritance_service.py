import os

import boto3


class AwsClient:
    service = None

    @property
    def client(self):
        return boto3.client(self.service)


class Alerts(AwsClient):
    service = "sns"

    def send(self, text):
        self.client.publish(TopicArn=os.environ["TOPIC_ARN"], Message=text)


class Jobs(AwsClient):
    service = "sqs"

    def add(self, text):
        self.client.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=text)


def handler(event, context):
    Alerts().send("hello")
    Jobs().add("hello")
