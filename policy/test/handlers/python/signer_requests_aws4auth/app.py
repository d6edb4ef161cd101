import os

import boto3
import requests
from requests_aws4auth import AWS4Auth

credentials = boto3.Session().get_credentials()
auth = AWS4Auth(
    credentials.access_key,
    credentials.secret_key,
    os.environ["AWS_REGION"],
    "es",
    session_token=credentials.token,
)


def handler(event, context):
    url = f"{os.environ['DOMAIN_URL']}/orders/_doc/{event['id']}"
    return requests.put(url, auth=auth, json=event).status_code
