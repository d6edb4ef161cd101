import boto3

lambda_client = boto3.client("lambda")
s3 = boto3.client("s3")
