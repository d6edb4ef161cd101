import os

import boto3

s3 = boto3.client("s3")
ec2 = boto3.client("ec2")
logs = boto3.client("logs")


def handler(event, context):
    paginator = s3.get_paginator("list_objects_v2")
    pages = paginator.paginate(Bucket=os.environ["BUCKET"], Prefix="reports/")
    keys = [it["Key"] for page in pages for it in page.get("Contents", [])]
    instances = ec2.get_paginator(operation_name="describe_instances").paginate().search(
        "Reservations[].Instances[].InstanceId"
    )
    for page in (
        logs.get_paginator("filter_log_events")
        .paginate(logGroupName=os.environ["LOG_GROUP"], PaginationConfig={"MaxItems": 50})
    ):
        print(len(page["events"]))
    return {"keys": keys, "instances": list(instances)}
