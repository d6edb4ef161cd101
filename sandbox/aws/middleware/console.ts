import { errorResponse } from "../error-response.ts";
import type { Middleware } from "./middleware.ts";

/**
 * The console of instances, which the emulator authorizes and then does not support: GetConsoleOutput and
 * GetConsoleScreenshot. Only instances of the Nitro system give their latest output.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleScreenshot.html
 */
export function instanceConsole(
  instanceTypeOf: (instanceId: string) => Promise<string | undefined>,
): Middleware {
  return async (call, next) => {
    const { request } = call;
    const input = new URLSearchParams(request.body);
    const action = input.get("Action") ?? "";
    const isOurs = action === "GetConsoleOutput" || action === "GetConsoleScreenshot";
    if (request.service !== "ec2" || !isOurs) return next(call);
    const response = await next(call);
    // Everything else is a refusal, or that there is no such instance.
    if (!response.body.toString().includes("InvalidAction")) return response;
    const id = input.get("InstanceId") ?? "";
    const type = await instanceTypeOf(id);
    const refuse = (code: string, message: string) =>
      errorResponse(request, { status: 400, code, message });
    if (type === undefined) {
      return refuse("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
    }
    if (input.get("Latest") === "true" && isXen(type)) {
      return refuse(
        "UnsupportedOperation",
        "This instance type does not support retrieving the latest console logs.",
      );
    }
    const content =
      action === "GetConsoleOutput"
        ? `<output>${Buffer.from(consoleText).toString("base64")}</output>`
        : `<imageData>${screenshot}</imageData>`;
    const body = `<${action}Response><instanceId>${id}</instanceId>${content}</${action}Response>`;
    return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
  };
}

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html lists the others. */
function isXen(type: string): boolean {
  return /^(t1|t2|m[1-4]|c[134]|cc2|cr1|r[34]|x1e?|i[23]|d2|h1|hs1|g[23]|p[23]|f1)\./.test(type);
}

/** What a console of the sandbox shows. It must be nowhere but in the bucket. */
export const consoleText =
  "[    0.000000] Linux version 6.1 (sandbox)\r\n" +
  "[  942.103318] Out of memory: Killed process 1523 (node)\r\n" +
  "ip-10-0-0-12 login: text-of-the-console-only\r\n";

/** A black JPEG picture. */
export const screenshot =
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAKBueIx4ZKCMgoy0qqC+8P//8Nzc8P//////////////////////////////////" +
  "////////////////////////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAA" +
  "AAD/2gAIAQEAAD8AF//Z";
