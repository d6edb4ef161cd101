import os

import boto3


def session_of(account):
    role = f"arn:aws:iam::{account}:role/audit"
    credentials = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="audit")["Credentials"]
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


class Account:
    def __init__(self, number):
        self.session = session_of(number)
        self.ec2 = self.session.client("ec2")

    def instances(self):
        return self.ec2.describe_instances()["Reservations"]

    def tables(self):
        return list(self.session.resource("dynamodb").tables.all())


def handler(event, context):
    accounts = [Account(number) for number in event["accounts"]]
    total = sum(len(it.instances()) + len(it.tables()) for it in accounts)
    boto3.client("cloudwatch").put_metric_data(
        Namespace="Audit", MetricData=[{"MetricName": "Resources", "Value": total}]
    )
