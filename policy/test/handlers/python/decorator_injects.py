import os
from functools import wraps

import boto3


def with_sns(function):
    @wraps(function)
    def wrapper(event, context, **kwargs):
        kwargs["sns"] = boto3.client("sns")
        return function(event, context, **kwargs)

    return wrapper


@with_sns
def handler(event, context, sns):
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="hello")
