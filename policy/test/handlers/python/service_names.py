"""Services that boto3 names otherwise than the SDK for JavaScript does."""
import os

import boto3


def handler(event, context):
    boto3.client("stepfunctions").start_execution(stateMachineArn=os.environ["STATE_MACHINE"])
    boto3.client("events").put_events(Entries=[{"EventBusName": os.environ["BUS"]}])
    boto3.client("logs").create_log_stream(
        logGroupName=os.environ["LOG_GROUP"], logStreamName=context.aws_request_id
    )
    boto3.client("cognito-idp").admin_get_user(
        UserPoolId=os.environ["USER_POOL_ID"], Username=event["user"]
    )
    boto3.client("elbv2").describe_target_health(TargetGroupArn=os.environ["TARGET_GROUP"])
    boto3.client("ce").get_cost_and_usage(
        TimePeriod={"Start": "2026-01-01", "End": "2026-02-01"}, Granularity="MONTHLY", Metrics=[]
    )
    boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["ENDPOINT"]).post_to_connection(
        ConnectionId=event["connection"], Data=b"hello"
    )
    boto3.client("es").describe_elasticsearch_domain(DomainName=os.environ["DOMAIN"])
    boto3.client("iot-data").publish(topic="lights/1", payload=b"on")
    boto3.client("sesv2").send_email(FromEmailAddress="a@example.com", Content={})
    boto3.client("scheduler").delete_schedule(Name=os.environ["SCHEDULE"])
    boto3.client("bedrock-runtime").converse(modelId="amazon.nova-lite-v1:0", messages=[])
