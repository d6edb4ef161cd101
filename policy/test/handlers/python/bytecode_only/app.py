import boto3

from secrets_of import load

sns = boto3.client("sns")


def handler(event, context):
    return load(event)
