import json
import os

from ..aws import functions, storage


def handler(event, context):
    storage.save(f"carts/{event['cart']}.json", json.dumps(event))
    functions.invoke(
        FunctionName=os.environ["INVOICE_FUNCTION"],
        InvocationType="Event",
        Payload=json.dumps(event),
    )
