import os
from functools import cached_property

import boto3


class Aws:
    @property
    def ecs(self):
        return boto3.client("ecs")

    @cached_property
    def cloudwatch(self):
        return boto3.client("cloudwatch")


aws = Aws()


def handler(event, context):
    services = aws.ecs.describe_services(
        cluster=os.environ["CLUSTER"], services=[os.environ["SERVICE"]]
    )["services"]
    aws.cloudwatch.put_metric_data(
        Namespace="Shop",
        MetricData=[{"MetricName": "Running", "Value": services[0]["runningCount"]}],
    )
