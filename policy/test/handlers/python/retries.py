import os
import time

import boto3
from botocore.exceptions import ClientError

athena = boto3.client("athena")
glue = boto3.client("glue")


def retry(function, *args, **kwargs):
    for attempt in range(3):
        try:
            return function(*args, **kwargs)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ThrottlingException":
                raise
            time.sleep(2**attempt)


def handler(event, context):
    retry(glue.start_crawler, Name=os.environ["CRAWLER_NAME"])
    query = retry(
        lambda: athena.start_query_execution(
            QueryString="select 1", WorkGroup=os.environ["WORK_GROUP"]
        )
    )
    return query["QueryExecutionId"]
