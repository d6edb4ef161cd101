import os

import boto3
from aws_lambda_powertools.event_handler import APIGatewayRestResolver

app = APIGatewayRestResolver()
todos = boto3.resource("dynamodb").Table(os.environ["TODO_TABLE"])


@app.get("/todos")
def list_todos():
    return todos.scan()["Items"]


@app.get("/todos/<key>")
def read_todo(key):
    return todos.get_item(Key={"id": key})["Item"]


def handler(event, context):
    return app.resolve(event, context)
