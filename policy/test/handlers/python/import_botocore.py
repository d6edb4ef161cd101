import os

import botocore.session
from botocore.session import get_session

session = botocore.session.get_session()
sqs = session.create_client("sqs", region_name=os.environ["AWS_REGION"])
sns = get_session().create_client("sns")


def handler(event, context):
    depth = sqs.get_queue_attributes(
        QueueUrl=os.environ["QUEUE_URL"], AttributeNames=["ApproximateNumberOfMessages"]
    )["Attributes"]["ApproximateNumberOfMessages"]
    if int(depth) > 1000:
        sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message=f"{depth} messages wait")
