import os

import boto3

dynamodb = boto3.client("dynamodb")
TABLE = os.environ["ACCOUNTS_TABLE"]


def handler(event, context):
    dynamodb.transact_write_items(
        TransactItems=[
            {
                "Update": {
                    "TableName": TABLE,
                    "Key": {"id": {"S": event["from"]}},
                    "UpdateExpression": "ADD balance :minus",
                    "ExpressionAttributeValues": {":minus": {"N": str(-event["amount"])}},
                }
            },
            {"Put": {"TableName": TABLE, "Item": {"id": {"S": event["transfer"]}}}},
        ]
    )
