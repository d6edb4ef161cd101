import json

from .clients import client
from .settings import settings


class Refunds:
    def request(self, order):
        client("sqs").send_message(QueueUrl=settings.refund_queue, MessageBody=json.dumps(order))
