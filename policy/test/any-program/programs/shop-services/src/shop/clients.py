from functools import cache

import boto3


@cache
def client(service):
    return boto3.client(service)
