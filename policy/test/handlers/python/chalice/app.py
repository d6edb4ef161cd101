import os

import boto3
from chalice import Chalice, Rate

app = Chalice(app_name="shop")
_sns = None


def sns():
    global _sns
    if _sns is None:
        _sns = boto3.client("sns")
    return _sns


@app.route("/orders/{number}", methods=["POST"])
def create_order(number):
    sns().publish(TopicArn=os.environ["TOPIC_ARN"], Message=number)
    return {"number": number}


@app.schedule(Rate(1, unit=Rate.HOURS))
def hourly(event):
    boto3.client("ecs").run_task(cluster=os.environ["CLUSTER"], taskDefinition="hourly")
