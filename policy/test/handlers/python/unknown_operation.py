import boto3

sns = boto3.client("sns")


def handler(event, context):
    sns.publish_everything(Message="hello")
    boto3.client("made-up").start_engine()
