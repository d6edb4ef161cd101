from os import environ

QUEUE_URL = environ["QUEUE_URL"]
TOPIC_ARN = environ["TOPIC_ARN"]

settings = {"worker": environ["WORKER_FUNCTION"], "stage": environ.get("STAGE", "dev")}


class Rules:
    NIGHTLY = environ["NIGHTLY_RULE"]
