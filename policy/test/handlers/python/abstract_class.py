import os
from abc import ABC, abstractmethod

import boto3


class Sender(ABC):
    @abstractmethod
    def send(self, text): ...


class TopicSender(Sender):
    def __init__(self):
        self.client = boto3.client("sns")

    def send(self, text):
        self.client.publish(TopicArn=os.environ["TOPIC_ARN"], Message=text)


class QueueSender(Sender):
    def __init__(self):
        self.client = boto3.client("sqs")

    def send(self, text):
        self.client.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=text)


SENDERS = {"topic": TopicSender, "queue": QueueSender}


def handler(event, context):
    sender: Sender = SENDERS[event["to"]]()
    sender.send(event["text"])
