import os


def send(client, text):
    client.publish(TopicArn=os.environ["TOPIC_ARN"], Message=text)
