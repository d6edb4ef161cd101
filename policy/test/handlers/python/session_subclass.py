import os

import boto3


class ShopSession(boto3.Session):
    def topic(self):
        return self.resource("sns").Topic(os.environ["TOPIC_ARN"])


session = ShopSession(region_name="eu-west-1")


def handler(event, context):
    session.topic().publish(Message="hello")
    session.client("sqs").send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="hello")
