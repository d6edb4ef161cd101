class BatchProcessor:
    def __init__(self, event_type): ...


class EventType:
    SQS = "SQS"


def process_partial_response(event, record_handler, processor, context):
    return {"batchItemFailures": [record_handler(it) for it in event["Records"]]}
