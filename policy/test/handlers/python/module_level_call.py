"""Loads its configuration when the module is imported, as many handlers do."""
import json
import os

import boto3

CONFIG = json.loads(
    boto3.client("ssm").get_parameter(Name=os.environ["CONFIG_PARAMETER"])["Parameter"]["Value"]
)
if CONFIG.get("warm"):
    boto3.client("lambda").get_function_concurrency(FunctionName=os.environ["WORKER"])


def handler(event, context):
    return CONFIG["greeting"]
