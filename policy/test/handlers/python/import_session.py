import os

import boto3.session

session = boto3.session.Session(region_name=os.environ.get("AWS_REGION"))
ssm = session.client("ssm")


def handler(event, context):
    parameter = ssm.get_parameter(Name=os.environ["PARAMETER_NAME"], WithDecryption=True)
    return {"length": len(parameter["Parameter"]["Value"])}
