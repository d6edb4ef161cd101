from tables import Orders

orders = Orders()


def handler(event, context):
    return orders.find(event["id"])
