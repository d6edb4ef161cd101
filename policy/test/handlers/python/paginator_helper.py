"""One function for the pages of any operation, as many projects have it."""
import os

import boto3


def items_of(client, operation, key, **arguments):
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page.get(key, [])


def handler(event, context):
    s3 = boto3.client("s3")
    keys = [it["Key"] for it in items_of(s3, "list_objects_v2", "Contents", Bucket=os.environ["BUCKET"])]
    zones = list(items_of(boto3.client("route53"), "list_hosted_zones", "HostedZones"))
    return {"keys": keys, "zones": len(zones)}
