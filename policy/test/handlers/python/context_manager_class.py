import os

import boto3


class Database:
    """An RDS Data API transaction."""

    def __enter__(self):
        self.client = boto3.client("rds-data")
        self.id = self.client.begin_transaction(
            resourceArn=os.environ["CLUSTER_ARN"], secretArn=os.environ["SECRET_ARN"]
        )["transactionId"]
        return self

    def __exit__(self, kind, error, trace):
        self.client.commit_transaction(
            resourceArn=os.environ["CLUSTER_ARN"],
            secretArn=os.environ["SECRET_ARN"],
            transactionId=self.id,
        )

    def run(self, sql):
        return self.client.execute_statement(
            resourceArn=os.environ["CLUSTER_ARN"],
            secretArn=os.environ["SECRET_ARN"],
            transactionId=self.id,
            sql=sql,
        )


def handler(event, context):
    with Database() as database:
        database.run("update orders set seen = true")
