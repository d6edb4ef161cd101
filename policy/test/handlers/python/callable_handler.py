import os

import boto3


class Reboot:
    def __init__(self):
        self.ec2 = boto3.client("ec2")

    def __call__(self, event, context):
        action = self.actions()[event["action"]]
        return action(event)

    def actions(self):
        return {"reboot": self.reboot, "check": self.check}

    def reboot(self, event):
        self.ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])

    def check(self, event):
        return self.ec2.describe_instance_status(InstanceIds=[os.environ["INSTANCE_ID"]])


handler = Reboot()
