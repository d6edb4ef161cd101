import functools
import json
import os

import boto3

audit_log = boto3.client("logs")


def audited(group):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(event, context):
            result = function(event, context)
            audit_log.put_log_events(
                logGroupName=os.environ["AUDIT_LOG_GROUP"],
                logStreamName=group,
                logEvents=[{"timestamp": 0, "message": json.dumps(result)}],
            )
            return result

        return wrapper

    return decorate


@audited("reboots")
def handler(event, context):
    ec2 = boto3.client("ec2")
    ec2.reboot_instances(InstanceIds=[event["instance"]])
    return {"rebooted": event["instance"]}
