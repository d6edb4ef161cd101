"""A function that uses each library of the package."""

import os

import boto3
import requests
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from cryptography.fernet import Fernet
from pydantic import BaseModel

logger = Logger()
tracer = Tracer()
processor = BatchProcessor(event_type=EventType.SQS)
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
sns = boto3.client("sns")


class Order(BaseModel):
    id: str
    card: str


def record_handler(record):
    order = Order.model_validate_json(record["body"])
    order.card = Fernet(Fernet.generate_key()).encrypt(order.card.encode()).decode()
    table.put_item(Item=order.model_dump())
    requests.post(os.environ["WEBHOOK"], json={"id": order.id}, timeout=5)
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message=order.id)


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event, context):
    return process_partial_response(event, record_handler, processor, context)
