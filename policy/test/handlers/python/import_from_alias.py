from os import environ as settings

from boto3 import client as make_client, resource as make_resource

table = make_resource("dynamodb").Table(settings["TABLE_NAME"])
events = make_client("events")


def handler(event, context):
    order = table.get_item(Key={"id": event["id"]})["Item"]
    events.put_events(
        Entries=[
            {
                "EventBusName": settings["BUS_NAME"],
                "Source": "shop.orders",
                "DetailType": "OrderShipped",
                "Detail": order["json"],
            }
        ]
    )
