"""Names like boto3's next to boto3."""
import http.client
import os

import boto3

client = boto3.client("sns")


class Outbox:
    def __init__(self):
        self.items = {}

    def put_item(self, Item):
        self.items[Item["id"]] = Item

    def publish(self, Message):
        self.put_item({"id": Message})


def fetch(path):
    client = http.client.HTTPSConnection("example.com")
    client.request("GET", path)
    return client.getresponse().status


def handler(event, context):
    outbox = Outbox()
    outbox.publish(Message="delete_topic")
    text = f"client.subscribe(TopicArn={fetch('/')})"
    client.publish(TopicArn=os.environ["TOPIC_ARN"], Message=text)
