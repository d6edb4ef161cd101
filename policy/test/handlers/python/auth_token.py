import os

import boto3

rds = boto3.client("rds")


def handler(event, context):
    token = rds.generate_db_auth_token(
        DBHostname=os.environ["DB_HOST"], Port=5432, DBUsername=os.environ["DB_USER"]
    )
    admin = boto3.client("dsql").generate_db_connect_admin_auth_token(os.environ["DSQL_ENDPOINT"])
    return len(token) + len(admin)
