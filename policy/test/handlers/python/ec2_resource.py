import os

import boto3

ec2 = boto3.resource("ec2")


def handler(event, context):
    instance = ec2.Instance(os.environ["INSTANCE_ID"])
    if instance.state["Name"] == "running":
        instance.reboot()
    else:
        instance.start()
        instance.wait_until_running()
    idle = ec2.instances.filter(Filters=[{"Name": "tag:idle", "Values": ["true"]}])
    for it in idle:
        it.create_tags(Tags=[{"Key": "stopped-by", "Value": context.function_name}])
    idle.stop()
    return [volume.id for volume in instance.volumes.all()]
