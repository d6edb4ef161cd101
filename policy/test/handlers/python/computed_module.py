import importlib

import boto3

sns = boto3.client("sns")


def handler(event, context):
    plugin = importlib.import_module(f"plugins.{event['plugin']}")
    return plugin.run(event)
