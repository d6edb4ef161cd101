import os

import boto3
from botocore.credentials import RefreshableCredentials
from botocore.session import get_session

sts = boto3.client("sts")


def refresh():
    found = sts.assume_role(RoleArn=os.environ["ROLE_ARN"], RoleSessionName="nightly")["Credentials"]
    return {
        "access_key": found["AccessKeyId"],
        "secret_key": found["SecretAccessKey"],
        "token": found["SessionToken"],
        "expiry_time": found["Expiration"].isoformat(),
    }


def foreign_session():
    session = get_session()
    session._credentials = RefreshableCredentials.create_from_metadata(
        metadata=refresh(), refresh_using=refresh, method="sts-assume-role"
    )
    return boto3.Session(botocore_session=session)


def handler(event, context):
    foreign = foreign_session().client("ec2")
    foreign.stop_instances(InstanceIds=event["instances"])
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC_ARN"], Message="stopped")
