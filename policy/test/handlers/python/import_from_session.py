import os

from boto3 import Session
from boto3.session import Session as NamedSession

session = Session()
other = NamedSession()
dynamodb = session.resource("dynamodb")
kinesis = other.client("kinesis")


def handler(event, context):
    item = dynamodb.Table(os.environ["TABLE"]).get_item(Key={"pk": event["pk"]})
    kinesis.put_record(
        StreamName=os.environ["STREAM"],
        Data=repr(item).encode(),
        PartitionKey=event["pk"],
    )
