import boto3
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

    orders_table: str
    topic_arn: str = "unset"
    queue_url: str = Field(alias="QUEUE_URL")
    bucket: str = Field(validation_alias="ARCHIVE_BUCKET")


class Limits(BaseSettings):
    stream_name: str

    class Config:
        env_prefix = "LIMITS_"


settings = Settings()
limits = Limits()


def handler(event, context):
    boto3.resource("dynamodb").Table(settings.orders_table).put_item(Item={"id": "1"})
    boto3.client("sns").publish(TopicArn=settings.topic_arn, Message="hello")
    boto3.client("sqs").send_message(QueueUrl=settings.queue_url, MessageBody="hello")
    boto3.client("s3").put_object(Bucket=settings.bucket, Key="1", Body=b"")
    boto3.client("kinesis").put_record(
        StreamName=limits.stream_name, Data=b"", PartitionKey="1"
    )
