import os

import boto3

if os.environ.get("AWS_SAM_LOCAL"):
    dynamodb = boto3.resource("dynamodb", endpoint_url="http://dynamodb:8000")
else:
    dynamodb = boto3.resource("dynamodb")

kinesis = (
    boto3.client("kinesis", endpoint_url=os.environ["ENDPOINT"])
    if "ENDPOINT" in os.environ
    else boto3.client("kinesis")
)
table = dynamodb.Table(os.environ["TABLE_NAME"])


def handler(event, context):
    for record in event["Records"]:
        table.delete_item(Key={"id": record["eventID"]})
    kinesis.put_records(
        StreamName=os.environ["STREAM_NAME"],
        Records=[{"Data": b"deleted", "PartitionKey": "1"}],
    )
