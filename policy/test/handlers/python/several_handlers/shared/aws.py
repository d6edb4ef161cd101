import os

import boto3

sns = boto3.client("sns")
dynamodb = boto3.client("dynamodb")


def tell(text):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message=text)


def forget(key):
    dynamodb.delete_item(TableName=os.environ["TABLE_NAME"], Key={"id": {"S": key}})
