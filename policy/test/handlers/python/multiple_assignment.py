import os

import boto3

sns, sqs = boto3.client("sns"), boto3.client("sqs")
primary = secondary = boto3.client("ssm")
(ecs, *_), region = [boto3.client("ecs"), None], os.environ["AWS_REGION"]


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="a")
    sqs.delete_message(QueueUrl=os.environ["QUEUE_URL"], ReceiptHandle=event["receipt"])
    secondary.put_parameter(Name=os.environ["PARAMETER"], Value="b", Overwrite=True)
    ecs.update_service(
        cluster=os.environ["CLUSTER"], service=os.environ["SERVICE"], desiredCount=0
    )
