import os


def start_export(day):
    # Imported late: most invocations end before this.
    import boto3
    from boto3.dynamodb.types import TypeSerializer

    serialize = TypeSerializer().serialize
    states = boto3.client("stepfunctions")
    states.start_execution(
        stateMachineArn=os.environ["STATE_MACHINE_ARN"],
        input=str(serialize({"day": day})),
    )


def handler(event, context):
    if event.get("dry_run"):
        return "skipped"
    start_export(event["day"])
    return "started"
