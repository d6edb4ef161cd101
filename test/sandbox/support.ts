import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "../../sandbox/http.ts";

/** One request as a fake server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** The connection ends in the middle of the body. */
  readonly breaksOff?: true;
}

export interface FakeServer {
  readonly port: number;
  readonly seen: SeenRequest[];
  stop(): void;
}

/** An HTTP server on loopback that notes each request and answers as it is told. */
export async function startFakeServer(
  answer: (request: SeenRequest) => FakeAnswer,
): Promise<FakeServer> {
  const seen: SeenRequest[] = [];
  const { server, port } = await listen(createServer(), 0);
  server.on("request", async (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const request = { method, path: url, headers, body: await text(incoming) };
    seen.push(request);
    const { status = 200, headers: answered = {}, body = "", breaksOff } = answer(request);
    if (breaksOff) {
      response.writeHead(status, { ...answered, "content-length": body.length + 1 });
      response.write(body, () => response.destroy());
    } else {
      response.writeHead(status, answered).end(body);
    }
  });
  return { port, seen, stop: () => server.close() };
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
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, body: await text(response) });
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
/** What Lambda answers of the function `reboot`. */
export const createdFunction = JSON.stringify({
  FunctionName: "reboot",
  FunctionArn: functionArn,
  Role: "arn:aws:iam::000000000000:role/reboot-role",
});
/** The access key that the emulator gives to that function's code. */
export const keyOfFunction = "ASIA9440574FABD8628A";

/** The headers of a signed call. */
export function signed(service: string, accessKey = "test") {
  const scope = `${accessKey}/20260101/us-east-1/${service}/aws4_request`;
  return {
    host: `${service}.us-east-1.amazonaws.com`,
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    "content-type": "application/x-www-form-urlencoded",
  };
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
