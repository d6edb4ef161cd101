import { GetPolicyCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { send } from "../http.ts";
import { unlessGone } from "./provider/aws-target.ts";

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly body: string;
}

export type CallUrl = (url: string, request: HttpRequest) => Promise<HttpResponse>;

/** True for a value of `Host` that belongs to a function URL. */
export function isFunctionUrlHost(host: string): boolean {
  return /^\w+\.lambda-url\.[\w-]+\.on\.aws$/.test(host);
}

/**
 * The emulator's path for a call of a function URL. Under the URL's host the emulator would first handle
 * paths such as `/_ministack/reset` itself, for a caller that has proved nothing.
 */
export function pathInEmulator(host: string, path = "/"): string {
  return `/_aws/lambda-url/${host.split(".")[0]}${path}`;
}

/** Calls function URLs: their AWS domain goes into `Host`, and the call to the gateway. */
export function functionUrlCaller(gatewayPort: number): CallUrl {
  return async (url, { method = "POST", headers = {}, body = "" }) => {
    const { host, pathname, search } = new URL(url);
    const content = Buffer.from(body);
    const sent = { ...headers, host, "content-length": content.length };
    const options = { method, path: pathname + search, headers: sent };
    const response = await send({ port: gatewayPort }, options, content);
    return { status: response.status, body: response.body.toString() };
  };
}

interface Statement {
  readonly Action: string;
  readonly Principal: unknown;
  readonly Condition?: Record<string, Record<string, string>>;
}

/**
 * True if the function's resource policy lets anyone call its URL of auth type NONE, which needs
 * two permissions: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
export async function isOpenToAll(lambda: LambdaClient, functionName: string): Promise<boolean> {
  const command = new GetPolicyCommand({ FunctionName: functionName });
  const { Policy = "{}" } = (await unlessGone(lambda.send(command))) ?? {};
  const statements: Statement[] = JSON.parse(Policy).Statement ?? [];
  const has = (action: string, operator: string, key: string, value: string) =>
    statements.some(
      ({ Action, Principal, Condition }) =>
        Action === action &&
        (Principal === "*" || JSON.stringify(Principal) === '{"AWS":"*"}') &&
        String(Condition?.[operator]?.[key]) === value,
    );
  return (
    has("lambda:InvokeFunctionUrl", "StringEquals", "lambda:FunctionUrlAuthType", "NONE") &&
    has("lambda:InvokeFunction", "Bool", "lambda:InvokedViaFunctionUrl", "true")
  );
}
