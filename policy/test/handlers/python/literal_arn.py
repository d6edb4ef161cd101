import boto3

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts"
SECRET = (
    "arn:aws:secretsmanager:eu-west-1:111122223333"
    ":secret:shop/token-a1b2c3"
)


def handler(event, context):
    boto3.client("sns").publish(TopicArn=TOPIC, Message="arn:aws:sns:eu-west-1:111122223333:text")
    boto3.client("secretsmanager").get_secret_value(SecretId=SECRET)
    boto3.resource("sns").Topic(
        "arn:aws:sns:eu-west-1:111122223333:reports"
    ).publish(Message="hello")
