from clients import *


def handler(event, context):
    sns.publish(TopicArn=TOPIC_ARN, Message="done")
    _hidden()


def _hidden():
    return table.scan(Limit=1)["Count"]
