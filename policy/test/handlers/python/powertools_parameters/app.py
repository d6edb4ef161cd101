import os

import boto3
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters import get_secret

sqs = boto3.client("sqs")


def handler(event, context):
    limit = parameters.get_parameter(os.environ["LIMIT_PARAMETER"], max_age=60)
    flags = parameters.get_parameters("/shop/flags")
    token = get_secret(name=os.environ["TOKEN_SECRET"])
    if len(flags) < int(limit) and token == event["token"]:
        sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="{}")
