import pkgutil

import boto3

import plugins

sqs = boto3.client("sqs")


def handler(event, context):
    for found in pkgutil.walk_packages(plugins.__path__, "plugins."):
        module = found.module_finder.find_spec(found.name).loader.load_module(found.name)
        module.run(event)
