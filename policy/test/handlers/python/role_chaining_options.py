import os

import boto3


def temporary(role_arn):
    response = boto3.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="deploy")
    return {
        "aws_access_key_id": response["Credentials"]["AccessKeyId"],
        "aws_secret_access_key": response["Credentials"]["SecretAccessKey"],
        "aws_session_token": response["Credentials"]["SessionToken"],
    }


options = temporary(os.environ["DEPLOY_ROLE_ARN"])
lambda_client = boto3.client("lambda", **options)


def handler(event, context):
    lambda_client.update_function_code(FunctionName=event["function"], ImageUri=event["image"])
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC_ARN"], Message="deployed")
