import os

import boto3


class Repository:
    table_name: str

    def __init__(self):
        self.table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
        self.client = boto3.client("dynamodb")

    def count(self):
        return self.client.describe_table(TableName=os.environ["ORDERS_TABLE"])["Table"]["ItemCount"]


class OrderRepository(Repository):
    def __init__(self):
        super().__init__()
        self.topic = os.environ["ORDERS_TOPIC"]
        self.sns = boto3.client("sns")

    def add(self, order):
        self.table.put_item(Item=order, ConditionExpression="attribute_not_exists(id)")
        self.sns.publish(TopicArn=self.topic, Message=order["id"])


def handler(event, context):
    repository = OrderRepository()
    repository.add(event)
    return repository.count()
