import asyncio
import os

import aioboto3

session = aioboto3.Session()


async def main(event):
    async with session.client("s3") as s3:
        await s3.put_object(Bucket=os.environ["BUCKET"], Key=event["id"], Body=b"{}")
        paginator = s3.get_paginator("list_objects_v2")
        async for page in paginator.paginate(Bucket=os.environ["BUCKET"]):
            print(page["KeyCount"])
    async with session.resource("dynamodb") as dynamodb:
        table = await dynamodb.Table(os.environ["TABLE_NAME"])
        await table.put_item(Item={"id": event["id"]})


def handler(event, context):
    asyncio.run(main(event))
