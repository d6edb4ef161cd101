import os

import boto3

sns = boto3.client("sns")
dynamodb = boto3.client("dynamodb")

TABLE = {"TableName": os.environ["TABLE_NAME"]}


def handler(event, context):
    message = {"TopicArn": os.environ["TOPIC_ARN"], "Message": "hello"}
    if "subject" in event:
        message["Subject"] = event["subject"]
    sns.publish(**message)
    dynamodb.get_item(**TABLE, Key={"id": {"S": event["id"]}})
    query = dict(TableName=os.environ["TABLE_NAME"], Limit=10)
    dynamodb.query(**query)
