import boto3


class IdempotencyConfig:
    def __init__(self, **options): ...


class DynamoDBPersistenceLayer:
    def __init__(self, table_name):
        self.client = boto3.client("dynamodb")
        self.table_name = table_name

    def put(self, item):
        self.client.put_item(TableName=self.table_name, Item=item)


def idempotent(**options):
    return lambda function: function
