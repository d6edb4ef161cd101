import os
from contextlib import closing, contextmanager

import boto3


@contextmanager
def table_lock(name):
    dynamodb = boto3.client("dynamodb")
    dynamodb.put_item(
        TableName=os.environ["LOCK_TABLE"],
        Item={"name": {"S": name}},
        ConditionExpression="attribute_not_exists(#n)",
        ExpressionAttributeNames={"#n": "name"},
    )
    try:
        yield dynamodb
    finally:
        dynamodb.delete_item(TableName=os.environ["LOCK_TABLE"], Key={"name": {"S": name}})


def handler(event, context):
    with table_lock("report") as dynamodb, closing(boto3.client("sqs")) as sqs:
        pages = dynamodb.scan(TableName=os.environ["ORDERS_TABLE"])["Count"]
        sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=str(pages))
