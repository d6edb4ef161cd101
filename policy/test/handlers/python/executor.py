import os
from concurrent.futures import ThreadPoolExecutor

import boto3

ec2 = boto3.client("ec2")
rds = boto3.client("rds")
s3 = boto3.client("s3")


def handler(event, context):
    with ThreadPoolExecutor(max_workers=4) as executor:
        stopped = executor.submit(ec2.stop_instances, InstanceIds=[os.environ["INSTANCE_ID"]])
        database = executor.submit(
            rds.stop_db_instance, DBInstanceIdentifier=os.environ["DATABASE"]
        )
        tags = executor.map(
            lambda key: s3.get_object_tagging(Bucket=os.environ["BUCKET"], Key=key), event["keys"]
        )
    return [stopped.result(), database.result(), *tags]
