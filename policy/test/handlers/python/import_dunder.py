import os


def handler(event, context):
    sns = __import__("boto3").client("sns")
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="hello")
