import json
import statistics


def handler(event, context):
    values = json.loads(event["body"])["values"]
    return {"statusCode": 200, "body": json.dumps({"median": statistics.median(values)})}
