import os

import boto3

TOPIC_ARN = os.environ["TOPIC_ARN"]

sns = boto3.client("sns")
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
