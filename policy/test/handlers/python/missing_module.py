import boto3

from company_toolbox import notify

ec2 = boto3.client("ec2")


def handler(event, context):
    ec2.reboot_instances(InstanceIds=[event["instance"]])
    notify("rebooted")
