import json
import os
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session


def handler(event, context):
    request = AWSRequest(
        method="POST",
        url=os.environ["APPSYNC_URL"],
        data=json.dumps({"query": "{ orders { id } }"}).encode(),
        headers={"Content-Type": "application/json"},
    )
    SigV4Auth(Session().get_credentials(), "appsync", os.environ["AWS_REGION"]).add_auth(request)
    prepared = request.prepare()
    with urllib.request.urlopen(
        urllib.request.Request(prepared.url, prepared.body, dict(prepared.headers))
    ) as response:
        return json.load(response)
