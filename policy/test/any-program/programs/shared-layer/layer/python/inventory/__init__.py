import os

import boto3


class Inventory:
    def __init__(self):
        self.table = boto3.resource("dynamodb").Table(os.environ["INVENTORY_TABLE"])

    def count(self, item):
        found = self.table.get_item(Key={"item": item}).get("Item", {})
        return str(found.get("count", 0))
