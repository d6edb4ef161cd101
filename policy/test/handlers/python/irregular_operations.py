"""Methods that are not an operation's name with underscores, letter by letter."""
import os

import boto3

iam = boto3.client("iam")
rds = boto3.client("rds")
s3 = boto3.client("s3")


def handler(event, context):
    iam.list_ssh_public_keys(UserName=event["user"])
    iam.list_mfa_devices(UserName=event["user"])
    rds.describe_db_instances(DBInstanceIdentifier=os.environ["DATABASE"])
    s3.put_bucket_cors(Bucket=os.environ["BUCKET"], CORSConfiguration={"CORSRules": []})
    boto3.client("apigateway").get_rest_apis(limit=5)
    boto3.client("ec2").describe_vpcs()
    boto3.client("dynamodb").describe_kinesis_streaming_destination(TableName=os.environ["TABLE"])
    boto3.client("efs").describe_file_systems()
    boto3.client("wafv2").get_ip_set(Name="blocked", Scope="REGIONAL", Id=os.environ["IP_SET"])
    boto3.client("rds").describe_db_proxies(DBProxyName=os.environ["PROXY"])
    boto3.client("cloudfront").list_distributions_by_web_acl_id(WebACLId="null")
