import os

import boto3

sns, sqs = map(boto3.client, ["sns", "sqs"])


def handler(event, context):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="hello")
    sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="hello")
