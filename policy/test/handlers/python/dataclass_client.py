import os
from dataclasses import dataclass, field
from typing import Any

import boto3


@dataclass
class Dependencies:
    queue_url: str = os.environ["QUEUE_URL"]
    sqs: Any = field(default_factory=lambda: boto3.client("sqs"))
    secrets: Any = boto3.client("secretsmanager")


@dataclass(frozen=True)
class Job:
    name: str
    dependencies: Dependencies = field(default_factory=Dependencies)

    def enqueue(self):
        self.dependencies.sqs.send_message(
            QueueUrl=self.dependencies.queue_url, MessageBody=self.name
        )


def handler(event, context):
    dependencies = Dependencies()
    token = dependencies.secrets.get_secret_value(SecretId="jobs/token")["SecretString"]
    if event["token"] == token:
        Job(event["name"], dependencies).enqueue()
