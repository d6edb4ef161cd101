import os

import boto3

publish = boto3.client("sns").publish
queue = boto3.client("sqs")
send, delete = queue.send_message, queue.delete_message


def handler(event, context):
    publish(TopicArn=os.environ["TOPIC_ARN"], Message="hello")
    send(QueueUrl=os.environ["QUEUE_URL"], MessageBody="hello")
    delete(QueueUrl=os.environ["QUEUE_URL"], ReceiptHandle=event["receipt"])
