import { rmSync } from "node:fs";
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type Server,
} from "node:http";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { EC2Client } from "@aws-sdk/client-ec2";
import { actionOf } from "../aws/api-request.ts";
import type { CreateAuthorizer } from "../aws/authorizer.ts";
import { type EmulatorTarget, emulatorTarget, newSocketPath } from "../aws/emulator.ts";
import { startGateway } from "../aws/gateway.ts";
import type { ApiCall } from "../aws/middleware/middleware.ts";
import type { AccessKey } from "../aws/signature.ts";
import { listen, type Response } from "../http.ts";

/** A request that a fake server received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeResponse {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** The connection ends in the middle of the body. */
  readonly breaksOff?: true;
}

export interface FakeServer {
  readonly port: number;
  readonly requests: ReceivedRequest[];
  stop(): void;
}

/** An HTTP server on loopback that records each request and responds as `respond` says. */
export async function startFakeServer(
  respond: (request: ReceivedRequest) => FakeResponse,
): Promise<FakeServer> {
  const { server, port } = await listen(createServer(), 0);
  return { port, requests: recordRequests(server, respond), stop: () => server.close() };
}

/** The same on a socket, as the emulator behind a gateway; its root has `rootKey`. */
export async function startFakeEmulator(respond: (request: ReceivedRequest) => FakeResponse) {
  const { server, target, stop } = await listenAsEmulator();
  return { target, requests: recordRequests(server, respond), stop };
}

/** A server on a socket, as the emulator has one. */
export async function listenAsEmulator(): Promise<{
  server: Server;
  target: EmulatorTarget;
  stop(): void;
}> {
  const socketPath = newSocketPath();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    server,
    target: emulatorTarget(socketPath, rootKey),
    stop() {
      server.close();
      server.closeAllConnections();
      rmSync(dirname(socketPath), { recursive: true, force: true });
    },
  };
}

function recordRequests(server: Server, respond: (request: ReceivedRequest) => FakeResponse) {
  const requests: ReceivedRequest[] = [];
  server.on("request", async (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const request = { method, path: url, headers, body: await text(incoming) };
    requests.push(request);
    const { status = 200, headers: given = {}, body = "", breaksOff } = respond(request);
    if (breaksOff) {
      response.writeHead(status, { ...given, "content-length": body.length + 1 });
      response.write(body, () => response.destroy());
    } else {
      response.writeHead(status, given).end(body);
    }
  });
  return requests;
}

/** A raw HTTP call; unlike `fetch` it may set the `Host` header. */
export function send(
  port: number,
  {
    method = "POST",
    path = "/",
    headers = {},
    body = "",
  }: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      { host: "127.0.0.1", port, method, path, headers, agent: false },
      async (response) => {
        const { statusCode: status = 0, headers: received } = response;
        resolve({ status, headers: received, body: await text(response) });
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

/** Call it in a `describe`; what goes through the returned function is stopped after each test. */
export function stopAfterEach() {
  const running: { stop(): unknown }[] = [];
  afterEach(() => {
    for (const it of running.splice(0)) it.stop();
  });
  return <T extends { stop(): unknown }>(it: T): T => {
    running.push(it);
    return it;
  };
}

/** Call it in a `describe`; the function starts a gateway in front of a fake emulator, for one test. */
export function gatewayForEach() {
  const stoppedLater = stopAfterEach();
  return async (
    respond: (request: ReceivedRequest) => FakeResponse = () => ({ body: "done" }),
    createAuthorizer?: CreateAuthorizer,
  ) => {
    const emulator = stoppedLater(await startFakeEmulator(respond));
    const gateway = stoppedLater(await startGateway(emulator.target, createAuthorizer));
    return { emulator, gateway };
  };
}

/** A call by root as a middleware gets it. */
export function apiCall(
  request: Partial<ApiCall["request"]>,
  call: Partial<ApiCall> = {},
): ApiCall {
  const body = request.body ?? "";
  const whole = {
    accessKeyId: "AKIAROOTROOTROOTROOT",
    region: "us-east-1",
    service: "ec2",
    method: "POST",
    path: "/",
    target: "",
    ...request,
    body,
  };
  const action = actionOf(whole);
  return {
    request: whole,
    caller: {},
    action,
    atMs: 0,
    headers: {},
    body: Buffer.from(body),
    ...call,
  };
}

/** A response with this body. */
export function responseOf(body: string, status = 200): Response {
  return { status, headers: {}, body: Buffer.from(body) };
}

/** The text of the error that a call must end with. */
export async function errorOf(run: Promise<unknown>): Promise<string> {
  const outcome = await run.then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (outcome === undefined) throw new Error("the call did not fail");
  return outcome;
}

export const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:reboot";
/** Lambda's response about the function `reboot`. */
export const createdFunction = JSON.stringify({
  FunctionName: "reboot",
  FunctionArn: functionArn,
  Role: "arn:aws:iam::000000000000:role/reboot-role",
});
/** Root's access key in these tests. */
export const rootKey: AccessKey = {
  accessKeyId: "AKIAROOTROOTROOTROOT",
  secretAccessKey: "the-secret-of-root",
};
/** The access key that the emulator gives to the code of the function `reboot`, with that root. */
export const keyOfFunction: AccessKey = {
  accessKeyId: "ASIA2BB5C9CEA66AE598",
  secretAccessKey: "f3eeb62f47a77b3d7625642955c1d44917b51c1d7ea8909bbfef64f0395cb984",
  sessionToken: "7bf74f1a182a0c68849cc91cc9bfa495ef76334dd91e20a0c061d062638fd4fc",
};

interface Call {
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** The headers of a call, with those by which the AWS SDK signs it. */
export async function signedHeaders(
  port: number,
  { service, method = "POST", path = "/", headers = {}, body = "" }: Call,
  credentials: AccessKey = rootKey,
): Promise<Record<string, string>> {
  const region = "us-east-1";
  // The client writes into the object that it gets.
  const { config } = new EC2Client({ region, credentials: { ...credentials } });
  const signer = await config.signer({
    name: "sigv4",
    signingName: service,
    signingRegion: region,
    properties: {},
  });
  const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
  const signed = await signer.sign({
    method,
    protocol: "http:",
    hostname: "127.0.0.1",
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host: `127.0.0.1:${port}`, ...headers },
    body,
  });
  return signed.headers;
}

/** A call of AWS, signed. */
export async function call(port: number, call: Call, key?: AccessKey) {
  return send(port, { ...call, headers: await signedHeaders(port, call, key) });
}

// The engine's marks: https://github.com/pulumi/pulumi/blob/master/sdk/proto/go/provider.pb.go
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const mark = "4dabf18193072939515e22adb298388d";

export function secret<T>(value: T) {
  return { [mark]: "1b47061264138c4ac30d75fd1eb44270", value };
}

/** An archive as the engine sends it, with the text assets of a function's code. */
export function archive(hash: string, files: Record<string, string>) {
  const assets = Object.entries(files).map(([name, content]) => [
    name,
    { [mark]: "c44067f5952c0a294b673a41bacd8c17", text: content },
  ]);
  return { [mark]: "0def7320c3a5731c473e5ecbe6d01bc7", hash, assets: Object.fromEntries(assets) };
}
