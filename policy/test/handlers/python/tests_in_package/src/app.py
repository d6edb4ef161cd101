import os

import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    return dynamodb.get_item(TableName=os.environ["TABLE_NAME"], Key={"id": {"S": event["id"]}})
