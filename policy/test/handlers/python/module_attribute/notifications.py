"""Its client and its topic come from the module that uses it."""
sns = None
topic_arn = None


def send(text):
    sns.publish(TopicArn=topic_arn, Message=text)
