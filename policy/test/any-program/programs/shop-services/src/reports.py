import csv
import io

from shop.clients import client
from shop.settings import settings


def handler(event, context):
    text = io.StringIO()
    writer = csv.writer(text)
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=settings.orders_table)
    for page in pages:
        writer.writerows([item["id"]["S"]] for item in page["Items"])
    client("s3").put_object(Bucket=settings.report_bucket, Key="orders.csv", Body=text.getvalue())
