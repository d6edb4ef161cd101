import boto3

iam = boto3.client("iam")


def handler(event, context):
    found = {}
    for operation in ("list_users", "list_roles", "list_groups"):
        pages = iam.get_paginator(operation).paginate()
        found[operation] = sum(1 for _ in pages)
    for method in ["get_account_summary", "list_account_aliases"]:
        found[method] = getattr(iam, method)()
    return found
