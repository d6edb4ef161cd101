import asyncio
import os

import boto3

s3 = boto3.client("s3")
sqs = boto3.client("sqs")
BUCKET = os.environ["BUCKET"]


async def copy_all(keys):
    loop = asyncio.get_running_loop()
    bodies = await asyncio.gather(
        *(asyncio.to_thread(s3.get_object, Bucket=BUCKET, Key=key) for key in keys)
    )
    await loop.run_in_executor(
        None,
        lambda: sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=str(len(bodies))),
    )


def handler(event, context):
    asyncio.run(copy_all(event["keys"]))
