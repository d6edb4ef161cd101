import type { ApiRequest } from "../../../sandbox/aws/api-request.ts";
import type { Response } from "../../../sandbox/http.ts";
import type { Call } from "./call.ts";

/** What AWS answers to a call that a role may not make, in the protocol of its request. */
export function denialOf({ service, target }: ApiRequest, caller: string, call: Call): Response {
  const message =
    `User: ${caller} is not authorized to perform: ${call.action} ` +
    `on resource: ${call.resource}`;
  if (target !== "" || service === "lambda") {
    const name = "AccessDeniedException";
    const body = JSON.stringify({ __type: name, message, Message: message });
    return answer("application/x-amz-json-1.0", body, { "x-amzn-errortype": name });
  }
  const error = (code: string) => `<Code>${code}</Code><Message>${message}</Message>`;
  if (service === "ec2") {
    const body = `<Response><Errors><Error>${error("UnauthorizedOperation")}</Error></Errors></Response>`;
    return answer("text/xml", body);
  }
  if (service === "s3") return answer("text/xml", `<Error>${error("AccessDenied")}</Error>`);
  const body = `<ErrorResponse><Error><Type>Sender</Type>${error("AccessDenied")}</Error></ErrorResponse>`;
  return answer("text/xml", body);
}

function answer(type: string, body: string, headers: Record<string, string> = {}): Response {
  return { status: 403, headers: { "content-type": type, ...headers }, body: Buffer.from(body) };
}
