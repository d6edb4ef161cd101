import type { Response } from "../http.ts";
import type { ApiRequest } from "./api-request.ts";

/** Services with JSON in the body and the operation in the path. */
export const restJson: readonly string[] = ["chatbot", "lambda", "pipes"];

/** AWS's response with an error, in the protocol of the request's service. */
export function errorResponse(
  { service, target }: Pick<ApiRequest, "service" | "target">,
  { status, code, message }: { status: number; code: string; message: string },
): Response {
  if (target !== "" || restJson.includes(service)) {
    return {
      status,
      headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": code },
      body: Buffer.from(JSON.stringify({ __type: code, message, Message: message })),
    };
  }
  const fields = `<Code>${code}</Code><Message>${message}</Message>`;
  const xml = {
    ec2: `<Response><Errors><Error>${fields}</Error></Errors><RequestID>sandbox</RequestID></Response>`,
    s3: `<Error>${fields}</Error>`,
  }[service];
  const body = xml ?? `<ErrorResponse><Error><Type>Sender</Type>${fields}</Error></ErrorResponse>`;
  return { status, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}
