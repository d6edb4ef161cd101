import boto3


class Store:
    """The orders, by their id."""

    def __init__(self, table_name):
        self._table = boto3.resource("dynamodb").Table(table_name)

    def save(self, order):
        self._table.put_item(Item=order)

    def find(self, order_id):
        return self._table.get_item(Key={"id": order_id}).get("Item")

    def delete(self, order_id):
        self._table.delete_item(Key={"id": order_id})
