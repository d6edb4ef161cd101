import os

import boto3

STAGE = os.environ["STAGE"]
TABLE = f"{os.environ['TABLE_NAME']}"

s3 = boto3.client("s3")
dynamodb = boto3.client("dynamodb")
sqs = boto3.client("sqs")
sns = boto3.client("sns")


def handler(event, context):
    s3.get_object(Bucket=f"reports-{STAGE}", Key="latest")
    dynamodb.get_item(TableName=TABLE, Key={"id": {"S": "1"}})
    sqs.send_message(QueueUrl=os.environ["QUEUE_PREFIX"] + "-orders", MessageBody="{}")
    sns.publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:%s" % STAGE, Message="hello")
    s3.put_object(Bucket="logs-{}".format(STAGE), Key="1", Body=b"")
    dynamodb.put_item(TableName="-".join(["orders", STAGE]), Item={})
