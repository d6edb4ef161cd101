"""Mentions boto3.client("s3").delete_bucket() in its docstring, and does not call it."""
import json
import logging

import requests

from boto3_utils import Table, client, publish

LOG = logging.getLogger("boto3.client")
EXAMPLE = 'boto3.client("iam").create_access_key(UserName="root")'

session = requests.Session()
table = Table("orders")


class Stream:
    def put_record(self, StreamName, Data):
        self.last = (StreamName, Data)


def handler(event, context):
    # sns = boto3.client("sns"); sns.publish(TopicArn="…")
    LOG.info("import boto3 as aws; %s", EXAMPLE)
    table.put_item(Item=event)
    client("sqs").send_message(QueueUrl="https://example.com", MessageBody="x")
    publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:alerts")
    Stream().put_record(StreamName="clicks", Data=json.dumps(event))
    return session.get("https://example.com/get_object").status_code
