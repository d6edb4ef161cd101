from shop.queue import Refunds
from shop.settings import settings
from shop.store import Store

refunds = Refunds()


def handler(event, context):
    order = Store(settings.orders_table).find(event["id"])
    if order is not None:
        refunds.request(order)
