import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { serveLocally } from "../access.ts";
import { type Response, send } from "../http.ts";
import { AccessKeys } from "./access-keys.ts";
import { actionOf, readApiRequest } from "./api-request.ts";
import { type CreateAuthorizer, refuseAll } from "./authorizer.ts";
import type { EmulatorTarget } from "./emulator.ts";
import type { Events } from "./events/events.ts";
import type { FaultRule } from "./faults.ts";
import { isFunctionUrlHost, isOpenToAll, pathInEmulator } from "./function-url.ts";
import { authorize } from "./middleware/authorize.ts";
import { instanceConsole } from "./middleware/console.ts";
import { dryRun } from "./middleware/dry-run.ts";
import { signCodeLinks } from "./middleware/function-code.ts";
import { serializePermissionChanges } from "./middleware/function-permissions.ts";
import { createFunctionUpdates } from "./middleware/function-updates.ts";
import { injectFaults } from "./middleware/inject-faults.ts";
import { createInstanceAttributes } from "./middleware/instance-attributes.ts";
import { instanceFilters } from "./middleware/instance-filters.ts";
import { metadataOptions } from "./middleware/instance-metadata.ts";
import { learn } from "./middleware/learn.ts";
import { limitDelays } from "./middleware/limit-delays.ts";
import { compose, connectionReset, noResponse } from "./middleware/middleware.ts";
import { putEvents } from "./middleware/put-events.ts";
import { type RecordedCall, record } from "./middleware/record.ts";
import { webIdentitySessions } from "./middleware/sessions.ts";
import { type Chatbot, createChatbot } from "./services/chatbot.ts";
import { createEventConnections, type EventConnections } from "./services/event-connections.ts";
import { checkEventRules } from "./services/event-rules.ts";
import { createPipes, type Pipes } from "./services/pipes.ts";
import { createRoleCheck } from "./services/roles.ts";
import { createTargetGroups, type TargetGroups } from "./services/target-groups.ts";

export type { RecordedCall };

export interface Gateway {
  readonly port: number;
  /** Every call of DynamoDB, EC2, Elastic Load Balancing, S3, SNS and SQS, in order. */
  readonly calls: readonly RecordedCall[];
  /** Decides which calls of functions go wrong, and how; none without a rule. */
  faults: FaultRule | undefined;
  /** The longest delay of a message, in seconds; longer ones are shortened to it. */
  longestDelaySeconds: number;
  /** Puts events on buses; the emulator does it while there is nothing else. */
  putEvent: Events["put"] | undefined;
  /** The services that the emulator does not have, with what they contain. */
  readonly services: {
    readonly pipes: Pipes;
    readonly eventConnections: EventConnections;
    readonly chatbot: Chatbot;
    readonly targetGroups: TargetGroups;
  };
  stop(): void;
}

/**
 * Starts the gateway in front of the AWS emulator. It forwards every call whose sender has proved that
 * it has the secret of a known access key, and every call of a public function URL. Each middleware adds
 * one thing that the tests need or that the emulator lacks. Without an authorizer it refuses the calls
 * that the emulator's IAM cannot decide on: those of STS sessions and of roles with a boundary.
 */
export async function startGateway(
  emulator: EmulatorTarget,
  createAuthorizer?: CreateAuthorizer,
): Promise<Gateway> {
  const { socketPath, credentials: root } = emulator;
  const lambda = new LambdaClient(emulator);
  const keys = new AccessKeys(root);
  const functionsOfUrls = new Map<string, string>();
  const calls: RecordedCall[] = [];
  const attributes = createInstanceAttributes(emulator);
  const { instanceTypeOf } = attributes;
  const authorizer = createAuthorizer?.({ emulator, instanceTypeOf }) ?? refuseAll;
  const updates = createFunctionUpdates();
  const checkRole = createRoleCheck(emulator);
  const pipes = createPipes(emulator, checkRole);
  const chatbot = createChatbot(emulator, checkRole);
  const eventConnections = createEventConnections();
  const targetGroups = createTargetGroups();
  const faults = injectFaults(() => gateway.faults);
  const handleCall = compose(
    [
      learn(keys, functionsOfUrls),
      webIdentitySessions(authorizer),
      authorize(authorizer, root.accessKeyId),
      faults.outer,
      record(calls),
      faults.inner,
      putEvents(() => gateway.putEvent),
      dryRun,
      signCodeLinks(root),
      serializePermissionChanges(),
      instanceFilters(),
      metadataOptions(),
      attributes.middleware,
      instanceConsole(instanceTypeOf),
      updates.serializeUpdates,
      limitDelays(() => gateway.longestDelaySeconds),
      pipes.middleware,
      chatbot.middleware,
      eventConnections.middleware,
      targetGroups.middleware,
      checkEventRules(emulator),
    ],
    // The `Host` header is forwarded unchanged too, since the signature covers it.
    ({ request: { method, path }, headers, body }) =>
      send({ socketPath }, { method, path, headers: asTls(headers) }, body),
  );

  const { server, port } = await serveLocally(
    (request, response) => {
      handle(request).then(
        (it) => respond(request, response, it),
        (error) =>
          respond(request, response, {
            status: 502,
            headers: {},
            body: Buffer.from(error.message),
          }),
      );
    },
    { isOwnHost: isFunctionUrlHost },
  );
  const gateway: Gateway = {
    port,
    calls,
    faults: undefined,
    longestDelaySeconds: Number.POSITIVE_INFINITY,
    putEvent: undefined,
    services: { pipes, eventConnections, chatbot, targetGroups },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
  return gateway;

  /** Access is checked as far as possible before the body is read. */
  async function handle(request: IncomingMessage): Promise<Response> {
    if (isFunctionUrlHost(request.headers.host ?? "")) return callFunction(request);
    const atMs = performance.now();
    const early = keys.refusalOfHeaders(request);
    if (early) return early;
    const body = await buffer(request);
    const refusal = keys.refusalOf(request, body);
    if (refusal) return refusal;
    const apiRequest = readApiRequest(request, body);
    const caller = keys.callerOf(apiRequest.accessKeyId);
    const action = actionOf(apiRequest);
    const { headers } = request;
    return handleCall({ request: apiRequest, caller, action, atMs, headers, body });
  }

  async function callFunction(request: IncomingMessage): Promise<Response> {
    const { method, url, headers } = request;
    const { host = "" } = headers;
    const functionArn = functionsOfUrls.get(host);
    if (!functionArn || !(await isOpenToAll(lambda, functionArn))) return forbidden;
    const body = await buffer(request);
    const path = pathInEmulator(host, url);
    const options = { method, path, headers: { ...headers, host: "aws" } };
    return updates.callFunction(() => send({ socketPath }, options, body));
  }
}

/** AWS's endpoints have TLS, so a bucket policy that demands it must find it. */
function asTls(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return { ...headers, "x-forwarded-proto": "https" };
}

const forbidden: Response = {
  status: 403,
  headers: { "content-type": "application/json" },
  body: Buffer.from('{"Message":"Forbidden"}'),
};

/** Leaves out the headers by which the emulator lets every web page read its responses. */
function respond(request: IncomingMessage, response: ServerResponse, it: Response): void {
  if (it === noResponse) return;
  if (it === connectionReset) {
    request.socket.resetAndDestroy();
    return;
  }
  const { status, headers, body } = it;
  const kept = Object.entries(headers).filter(
    ([name]) => name !== "transfer-encoding" && !name.startsWith("access-control-"),
  );
  response.writeHead(status, { ...Object.fromEntries(kept), "content-length": body.length });
  response.end(body);
}
