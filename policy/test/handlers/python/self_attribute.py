import os

import boto3


class Mailer:
    def __init__(self, sender):
        self.sender = sender
        self.ses = boto3.client("ses")
        self.bucket = os.environ["TEMPLATE_BUCKET"]
        self._s3 = boto3.client("s3")

    def send(self, to, template):
        body = self._s3.get_object(Bucket=self.bucket, Key=template)["Body"].read().decode()
        self.ses.send_email(
            Source=self.sender,
            Destination={"ToAddresses": [to]},
            Message={"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": body}}},
        )


mailer = Mailer("shop@example.com")


def handler(event, context):
    mailer.send(event["to"], event["template"])
