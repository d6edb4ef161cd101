import asyncio
import os
from contextlib import AsyncExitStack

from aiobotocore.session import get_session


class Consumer:
    async def __aenter__(self):
        self.stack = AsyncExitStack()
        self.sqs = await self.stack.enter_async_context(get_session().create_client("sqs"))
        return self

    async def __aexit__(self, *error):
        await self.stack.aclose()

    async def drain(self):
        url = os.environ["QUEUE_URL"]
        response = await self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        await asyncio.gather(
            *[
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=it["ReceiptHandle"])
                for it in response.get("Messages", [])
            ]
        )


async def main():
    async with Consumer() as consumer, get_session().create_client("ssm") as ssm:
        await consumer.drain()
        waiter = ssm.get_waiter("command_executed")
        await waiter.wait(CommandId="1", InstanceId=os.environ["INSTANCE_ID"])


def handler(event, context):
    asyncio.run(main())
