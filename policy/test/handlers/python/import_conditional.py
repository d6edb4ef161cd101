import os
import sys

try:
    import boto3
    from botocore.config import Config
except ImportError:
    boto3 = None

if sys.version_info >= (3, 11):
    import tomllib as toml
else:
    import json as toml

secrets = boto3 and boto3.client("secretsmanager", config=Config(retries={"mode": "standard"}))


def handler(event, context):
    secret = secrets.get_secret_value(SecretId=os.environ["SECRET_ARN"])
    return sorted(toml.loads(secret["SecretString"]))
