/** A function URL's response; without a body it is empty. */
export function respond(statusCode: number, body: unknown) {
  return {
    statusCode,
    headers: { "content-type": "application/json" },
    body: body === undefined ? "" : JSON.stringify(body),
  };
}

/**
 * The response to Lambda's event source: which message failed, if one did.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function batchResponse(failedMessageId?: string) {
  return {
    batchItemFailures: failedMessageId === undefined ? [] : [{ itemIdentifier: failedMessageId }],
  };
}
