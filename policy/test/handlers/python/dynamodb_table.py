import os

import boto3
from boto3.dynamodb.conditions import Attr, Key

dynamodb = boto3.resource("dynamodb")
orders = dynamodb.Table(os.environ["ORDERS_TABLE"])
archive = dynamodb.Table(os.environ["ARCHIVE_TABLE"])


def handler(event, context):
    found = orders.query(
        KeyConditionExpression=Key("customer").eq(event["customer"]),
        FilterExpression=Attr("state").is_in(["done", "cancelled"]),
    )["Items"]
    with archive.batch_writer(overwrite_by_pkeys=["id"]) as batch:
        for order in found:
            batch.put_item(Item=order)
            orders.delete_item(Key={"id": order["id"]})
    dynamodb.batch_get_item(RequestItems={os.environ["ARCHIVE_TABLE"]: {"Keys": []}})
    return archive.item_count
