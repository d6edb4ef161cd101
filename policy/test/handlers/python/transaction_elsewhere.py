import os

import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    dynamodb.transact_write_items(TransactItems=event["items"])
    dynamodb.transact_get_items(
        TransactItems=[{"Get": {"TableName": os.environ["TABLE"], "Key": key}} for key in event["keys"]]
    )
