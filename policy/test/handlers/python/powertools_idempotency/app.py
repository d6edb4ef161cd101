import os

import boto3
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
)

sns = boto3.client("sns")
persistence = DynamoDBPersistenceLayer(table_name=os.environ["IDEMPOTENCY_TABLE"])
config = IdempotencyConfig(event_key_jmespath="detail.id")


@idempotent(persistence_store=persistence, config=config)
def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="paid")
    return {"statusCode": 200}
