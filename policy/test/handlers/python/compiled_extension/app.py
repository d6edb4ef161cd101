import boto3

import fast

sns = boto3.client("sns")


def handler(event, context):
    return fast.process(event)
