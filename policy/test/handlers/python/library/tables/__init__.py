"""A stand-in for a library that creates its clients itself."""
import boto3


class Orders:
    def __init__(self):
        self.client = boto3.client("dynamodb")

    def find(self, key):
        return self.client.get_item(TableName="orders", Key={"id": {"S": key}})
