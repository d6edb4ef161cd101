import os
from functools import partial

import boto3

publish = partial(boto3.client("sns").publish, TopicArn=os.environ["TOPIC_ARN"])
client = partial(boto3.client, region_name="us-east-1")
get_secret = client("secretsmanager").get_secret_value


def handler(event, context):
    secret = get_secret(SecretId=os.environ["SECRET_NAME"])
    publish(Message=secret["VersionId"], Subject="Rotated")
