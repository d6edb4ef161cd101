from inventory import Inventory

inventory = Inventory()


def handler(event, context):
    return {"statusCode": 200, "body": inventory.count(event["pathParameters"]["item"])}
