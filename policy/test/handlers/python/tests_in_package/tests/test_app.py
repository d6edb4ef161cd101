import boto3

from src.app import handler


def test_handler():
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(TableName="test", KeySchema=[], AttributeDefinitions=[])
    dynamodb.delete_table(TableName="test")
    assert handler({"id": "1"}, None)
