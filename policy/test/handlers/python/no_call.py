"""Uses a client for what needs no permission: its errors, its endpoint, what it can do."""
import boto3
from boto3 import __version__

sqs = boto3.client("sqs")
s3 = boto3.resource("s3")


def handler(event, context):
    try:
        pages = sqs.can_paginate("list_queues")
        endpoint = sqs.meta.endpoint_url
        region = sqs.meta.config.region_name
        name = s3.Bucket("example").name
        regions = boto3.session.Session().get_available_regions("ec2")
    except (sqs.exceptions.QueueDoesNotExist, sqs.exceptions.ClientError) as error:
        return {"error": str(error)}
    finally:
        sqs.close()
    return [pages, endpoint, region, name, regions, sqs.waiter_names, __version__]
