import os

from .clients import s3


def save(key, body):
    s3.put_object(Bucket=os.environ["BUCKET"], Key=key, Body=body)
