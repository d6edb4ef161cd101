import os

import boto3

_table = None
_sns = None


def _get_table():
    global _table
    if _table is None:
        _table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
    return _table


def handler(event, context):
    global _sns
    if not _sns:
        _sns = boto3.client("sns")
    _get_table().update_item(
        Key={"id": event["id"]},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": 1},
    )
    _sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message=event["id"])
