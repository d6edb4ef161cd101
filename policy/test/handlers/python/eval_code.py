import boto3

sns = boto3.client("sns")


def handler(event, context):
    return eval(event["expression"], {"sns": sns})
