import type { IncomingMessage, RequestOptions, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { createJudge, type Judged } from "../../pipeline/rehearsal/authorizer/judge.ts";
import {
  assumeRoleWithWebIdentity,
  isWebIdentityRequest,
} from "../../pipeline/rehearsal/authorizer/web-identity.ts";
import { serveLocally } from "../access.ts";
import { type Response, send } from "../http.ts";
import { AccessKeys, jsonField } from "./access-keys.ts";
import { type ApiRequest, asRoot, readApiRequest } from "./api-request.ts";
import { accountId, type EmulatorTarget } from "./emulator.ts";
import { type Fault, type FaultRule, faultAnswer } from "./faults.ts";
import { withSignedLocation } from "./function-code.ts";
import { changedPolicy, createPolicyChanges } from "./function-policy.ts";
import { withoutHiddenTags } from "./function-tags.ts";
import { isFunctionUrlHost, isOpenToAll, pathInEmulator } from "./function-url.ts";
import { instanceAttributes } from "./instance-attributes.ts";
import { createMetadataOptions } from "./instance-metadata.ts";

/** One AWS call as it went through the gateway. */
export interface RecordedCall {
  /** Such as `ec2:RebootInstances`; for the REST API of Lambda the method and path. */
  readonly action: string;
  /** When it came in, by `performance.now()`. */
  readonly atMs: number;
  /** The instances that a call of EC2 names. */
  readonly instanceIds: readonly string[];
  /** The role of the function that called, or `root` for the sandbox itself. */
  readonly caller: string;
  /** The function that called, if one did. */
  readonly functionName?: string;
  readonly isDryRun: boolean;
  /** How late a message was asked to be delivered. */
  readonly delaySeconds?: number;
  readonly status: number;
  /** AWS's error code, absent where the call succeeded. */
  readonly error?: string;
  /** What the sandbox let go wrong with it; before the call took effect the status is 0. */
  readonly fault?: Fault;
}

export interface Gateway {
  readonly port: number;
  /** Every call of DynamoDB, EC2, SNS and SQS, in order. */
  readonly calls: readonly RecordedCall[];
  /** Every call that the judge decided on, in order. */
  readonly judged: readonly Judged[];
  /** What goes wrong with calls of functions; nothing without a rule. */
  faults: FaultRule | undefined;
  /** Makes messages come sooner than they were asked to, at most so many seconds later. */
  longestDelaySeconds: number;
  stop(): void;
}

/**
 * Starts the gateway before the AWS emulator: it forwards every call whose sender has proved that it
 * has a known access key's secret, and every call of a function URL. It records calls, injects faults
 * where it is told to, and closes the gaps of the emulator that the program would notice.
 * RebootInstances with DryRun answers the error that AWS gives (the emulator ignores DryRun), a
 * public function URL without both of its permissions answers 403 (the emulator does not look at
 * them), an update of a function waits for its running calls (the emulator ends them, AWS does
 * not), a second change of a function's permissions at the same time answers 409, and an instance's
 * type and the options of its metadata service can be changed. What a session of STS or a bounded
 * role may do it judges itself, since the emulator's IAM is
 * coarse there, and forwards it as root's. It also answers AssumeRoleWithWebIdentity itself, since the
 * emulator compares three claims of a token only.
 */
export async function startGateway(emulator: EmulatorTarget): Promise<Gateway> {
  const { socketPath, credentials: root } = emulator;
  const keys = new AccessKeys(root);
  const iam = new IAMClient(emulator);
  const lambda = new LambdaClient(emulator);
  const calls: RecordedCall[] = [];
  const attributes = instanceAttributes(emulator);
  const changePolicy = createPolicyChanges();
  const metadataOptions = createMetadataOptions();
  const judge = createJudge(
    emulator,
    { region: emulator.region, accountId },
    { instanceTypeOf: attributes.typeOf },
  );
  const boundedRoles = new Set<string>();
  const functionsOfUrls = new Map<string, string>();
  const runningCalls = new Set<Promise<unknown>>();
  let update: Promise<unknown> = Promise.resolve();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    handle(request).then(
      (answer) => {
        if (answer === "reset") request.socket.resetAndDestroy();
        else if (answer) answerWith(response, answer);
      },
      (error) =>
        answerWith(response, { status: 502, headers: {}, body: Buffer.from(error.message) }),
    );
  };
  const { server, port } = await serveLocally(onRequest, { isOwnHost: isFunctionUrlHost });
  const gateway: Gateway = {
    port,
    calls,
    judged: judge.calls,
    faults: undefined,
    longestDelaySeconds: Number.POSITIVE_INFINITY,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
  return gateway;

  /** The answer; `reset` breaks the connection, and without one the caller waits in vain. */
  async function handle(request: IncomingMessage): Promise<Response | "reset" | undefined> {
    const atMs = performance.now();
    const body = await buffer(request);
    const { method, url: path, headers } = request;
    const { host = "" } = headers;
    if (isFunctionUrlHost(host)) {
      const functionArn = functionsOfUrls.get(host);
      if (!functionArn || !(await isOpenToAll(lambda, functionArn))) return forbidden;
      const call = {
        method,
        path: pathInEmulator(host, path),
        headers: { ...headers, host: "aws" },
      };
      return callFunction(() => send({ socketPath }, call, body));
    }
    const asked = readApiRequest(request, body);
    const unproven = keys.refusalOf(request, asked, body);
    if (unproven) return unproven;
    if (isWebIdentityRequest(asked)) {
      const answer = await assumeRoleWithWebIdentity(iam, asked, Date.now());
      learn(asked, answer.body.toString());
      return answer;
    }
    const role = judgedRole(asked.accessKeyId);
    const { functionArn } = keys.callerOf(asked.accessKeyId);
    const refusal = role && (await judge.refusalOf(role, asked, functionArn));
    if (refusal) return refusal;
    // The `Host` header too goes on as it came, since the signature covers it.
    const kept = role ? asRoot(headers, root.accessKeyId) : headers;
    const unchanged = { method, path, headers: kept };
    if (asked.service === "iam") learnBoundary(new URLSearchParams(asked.body));
    const call = describe(asked);
    const { action, functionName } = call;
    const fault = functionName && gateway.faults?.({ action, functionName, body: asked.body });
    if (fault && fault.kind !== "slow" && fault.when === "before") {
      calls.push({ ...call, atMs, status: 0, fault });
      return faultAnswer(fault.kind, action);
    }
    const forward = () => forwardSooner(unchanged, body, call.delaySeconds);
    const sent = await sendOn(asked, forward);
    const forwarded = role
      ? await withoutHiddenTags(sent, asked, (it) => judge.allows(role, it))
      : sent;
    if (asked.service === "iam") judge.policiesMayHaveChanged();
    learn(asked, forwarded.body.toString());
    const complete = withSignedLocation(forwarded, asked, root);
    const answer = call.isDryRun && complete.status === 200 ? dryRunOperation : complete;
    if (/^(dynamodb|ec2|sns|sqs):/.test(action)) {
      const error = /<Code>(\w+)<\/Code>|"__type": ?"(?:[^"]*#)?(\w+)"/.exec(
        answer.body.toString(),
      );
      const code = answer.status === 200 ? undefined : (error?.[1] ?? error?.[2]);
      calls.push({
        ...call,
        atMs,
        status: answer.status,
        ...(code && { error: code }),
        ...(fault && { fault }),
      });
    }
    if (fault && fault.kind !== "slow") return faultAnswer(fault.kind, action);
    if (fault) await sleep(fault.milliseconds);
    return answer;
  }

  /** The emulator's answer to a request, with what it lacks of AWS. */
  async function sendOn(asked: ApiRequest, forward: () => Promise<Response>): Promise<Response> {
    const policyOf = changedPolicy(asked);
    if (policyOf) return changePolicy(policyOf, forward);
    if (asked.service === "ec2") {
      const input = new URLSearchParams(asked.body);
      const own = metadataOptions.answer(input) ?? (await attributes.change(input));
      return own ?? attributes.withChanges(metadataOptions.complete(input, await forward()));
    }
    const isUpdate =
      asked.method === "PUT" && /\/functions\/[^/]+\/(code|configuration)$/.test(asked.path);
    return isUpdate ? updateFunction(forward) : forward();
  }

  /**
   * The role by which the judge decides: that of a session of STS, or a function's with a boundary,
   * whose conditions on EC2's tags the emulator does not evaluate.
   */
  function judgedRole(accessKeyId: string): string | undefined {
    const { role, functionName } = keys.callerOf(accessKeyId);
    return functionName === undefined || boundedRoles.has(role ?? "") ? role : undefined;
  }

  /**
   * The signature covers the body's hash, which the emulator takes from a header as it stands, and
   * the body's length, which blanks keep.
   */
  function forwardSooner(
    unchanged: RequestOptions,
    body: Buffer,
    delaySeconds: number | undefined,
  ): Promise<Response> {
    const longest = gateway.longestDelaySeconds;
    if (delaySeconds === undefined || delaySeconds <= longest) {
      return send({ socketPath }, unchanged, body);
    }
    const asked = String(delaySeconds);
    const sooner = body
      .toString()
      .replace(
        `"DelaySeconds":${asked}`,
        `"DelaySeconds":${String(longest).padStart(asked.length)}`,
      );
    return send({ socketPath }, unchanged, Buffer.from(sooner));
  }

  async function callFunction(call: () => Promise<Response>): Promise<Response> {
    await update;
    const running = call();
    runningCalls.add(running);
    return running.finally(() => runningCalls.delete(running));
  }

  function updateFunction(change: () => Promise<Response>): Promise<Response> {
    const updated = Promise.allSettled([update, ...runningCalls]).then(change);
    update = updated.catch(() => {});
    return updated;
  }

  /** Responses tell which access keys there are, and which URL a function has. */
  function learn(asked: ApiRequest, response: string): void {
    keys.learn(asked, response);
    const functionArn = jsonField(response, "FunctionArn");
    const functionUrl = jsonField(response, "FunctionUrl");
    if (functionArn && functionUrl) functionsOfUrls.set(new URL(functionUrl).host, functionArn);
  }

  function learnBoundary(input: URLSearchParams): void {
    if (input.get("PermissionsBoundary")) boundedRoles.add(input.get("RoleName") ?? "");
  }

  function describe({ accessKeyId, service, method, path, target, body }: ApiRequest) {
    const operation = target.split(".")[1];
    const form = new URLSearchParams(operation ? "" : body);
    const action = operation ?? form.get("Action") ?? `${method} ${path}`;
    const { role, functionName } = keys.callerOf(accessKeyId);
    const delay = operation === "SendMessage" && JSON.parse(body).DelaySeconds;
    return {
      action: `${service}:${action}`,
      instanceIds: [...form].filter(([key]) => key.startsWith("InstanceId.")).map(([, id]) => id),
      caller: (functionName && role) ?? "root",
      ...(functionName && { functionName }),
      isDryRun: action === "RebootInstances" && form.get("DryRun") === "true",
      ...(typeof delay === "number" && { delaySeconds: delay }),
    };
  }
}

/** What AWS answers to a permitted dry run. */
const dryRunOperation: Response = {
  status: 412,
  headers: { "content-type": "text/xml" },
  body: Buffer.from(
    "<Response><Errors><Error><Code>DryRunOperation</Code><Message>Request would have succeeded, " +
      "but DryRun flag is set.</Message></Error></Errors><RequestID>sandbox</RequestID></Response>",
  ),
};

const forbidden: Response = {
  status: 403,
  headers: { "content-type": "application/json" },
  body: Buffer.from('{"Message":"Forbidden"}'),
};

/** The emulator lets every web page read its responses, so its headers for that are left out. */
function answerWith(response: ServerResponse, { status, headers, body }: Response): void {
  const kept = Object.entries(headers).filter(
    ([name]) => name !== "transfer-encoding" && !name.startsWith("access-control-"),
  );
  response.writeHead(status, { ...Object.fromEntries(kept), "content-length": body.length });
  response.end(body);
}
