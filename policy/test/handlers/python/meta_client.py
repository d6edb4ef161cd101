import os

import boto3

dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["TABLE_NAME"])
client = dynamodb.meta.client


def handler(event, context):
    client.update_time_to_live(
        TableName=os.environ["TABLE_NAME"],
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"},
    )
    for page in table.meta.client.get_paginator("query").paginate(
        TableName=table.name, KeyConditionExpression="pk = :pk"
    ):
        print(page["Count"])
    return client.meta.region_name
