from aws_lambda_powertools import Logger

from shop.settings import settings
from shop.store import Store

logger = Logger()
store = Store(settings.orders_table)


@logger.inject_lambda_context
def handler(event, context):
    store.save(event["order"])
    return {"saved": event["order"]["id"]}
