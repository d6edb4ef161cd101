import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import type { AccessKey } from "../../aws/signature.ts";
import {
  alertBody,
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../scenario/stack-client.ts";
import { root, startTestEnvironment, type TestEnvironment } from "../../test-environment.ts";
import { call, send, signedHeaders } from "../support.ts";

/** The processes of this machine: id, parent and command line. */
function processes() {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, command = ""] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
    return pid && parent ? [{ pid, parent, command }] : [];
  });
}

/** What a running sandbox of this checkout lets others do. */
describe("access to a running sandbox", () => {
  let environment: TestEnvironment;
  let stack: StackOutputs;
  let key: AccessKey;
  let port: number;
  const commands = new Set<string>();
  before(async () => {
    const watch = setInterval(() => {
      for (const { command } of processes()) commands.add(command);
    }, 100);
    try {
      environment = await startTestEnvironment();
      const engine = await environment.createEngine();
      await engine.up();
      stack = stackOutputs(await engine.stack.outputs());
      key = environment.aws.credentials;
      port = environment.gateway.port;
    } finally {
      clearInterval(watch);
    }
  });
  after(() => environment.stop());

  const terminate = () => ({
    service: "ec2",
    body: `Action=TerminateInstances&Version=2016-11-15&InstanceId.1=${stack.instanceId}`,
  });

  async function expectNoEffect(run: () => Promise<{ status: number; headers: object }>) {
    const callsBefore = environment.gateway.calls.length;

    const { status, headers } = await run();

    expect(status).to.equal(403);
    expect(Object.keys(headers).join()).not.to.include("access-control");
    expect(environment.gateway.calls).to.have.length(callsBefore);
    const command = new DescribeInstancesCommand({ InstanceIds: [stack.instanceId] });
    const { Reservations } = await new EC2Client(environment.aws).send(command);
    expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).to.equal("running");
  }

  for (const [what, run] of [
    ["without a signature", () => send(port, terminate())],
    [
      "as test/test",
      () => call(port, terminate(), { accessKeyId: "test", secretAccessKey: "test" }),
    ],
    [
      "with the access key but a wrong secret",
      () => call(port, terminate(), { ...key, secretAccessKey: "test" }),
    ],
    [
      "with the access key in the query",
      () =>
        send(port, {
          ...terminate(),
          path: `/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${key.accessKeyId}/20260101/us-east-1/ec2/aws4_request&X-Amz-Signature=0`,
        }),
    ],
    [
      "from a web page, with the access key",
      async () => {
        const page = { ...terminate(), headers: { origin: "https://evil.example" } };
        return send(port, { ...page, headers: await signedHeaders(port, page, key) });
      },
    ],
    [
      "by a browser for another site",
      () => send(port, { ...terminate(), headers: { "sec-fetch-site": "cross-site" } }),
    ],
    [
      "under another name of this machine",
      () => send(port, { ...terminate(), headers: { host: `evil.example:${port}` } }),
    ],
    ["by OPTIONS", () => send(port, { method: "OPTIONS" })],
    ["of the emulator's own interface", () => send(port, { path: "/_ministack/reset" })],
  ] as const) {
    it(`refuses a call ${what}`, () => expectNoEffect(run));
  }

  it("accepts the run's access key, and lets no web page read the response", async () => {
    const { status, headers } = await call(
      port,
      { service: "sts", body: "Action=GetCallerIdentity&Version=2011-06-15" },
      key,
    );

    expect(status).to.equal(200);
    expect(Object.keys(headers).join()).not.to.include("access-control");
  });

  it("refuses the credentials that the emulator alone would give to the function", async () => {
    const { Configuration } = await new LambdaClient(environment.aws).send(
      new GetFunctionCommand({ FunctionName: stack.functionName }),
    );
    const { FunctionArn, Role } = Configuration ?? {};
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const digest = sha256(`${FunctionArn}:${Role}`);
    const guessed = {
      accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
      secretAccessKey: sha256(`secret:${digest}`),
      sessionToken: sha256(`token:${digest}`),
    };

    await expectNoEffect(() => call(port, terminate(), guessed));
  });

  it("runs the function at its URL for Sumo Logic, and not for a web page", async () => {
    const { host } = new URL(stack.functionUrl);
    const body = alertBody(stack.instanceId, environment.clock.now());
    const headers = { host, authorization: `Bearer ${environment.webhookToken}` };

    await expectNoEffect(() =>
      send(port, { headers: { ...headers, origin: "https://evil.example" }, body }),
    );
    const { status, body: response } = await send(port, { headers, body });
    expect(status).to.equal(200);
    expect(JSON.parse(response)).to.include({ outcome: "rebooted" });
  });

  it("knows the function by credentials that only this run has", async () => {
    // The emulator knows a function's credentials once the function has run.
    const { error } = await new StackClient(environment, stack).rebootAnotherInstance();

    expect(error).to.equal("UnauthorizedOperation");
  });

  it("gives every path of a function's URL to the function", async () => {
    const { host } = new URL(stack.functionUrl);

    for (const path of ["/_ministack/reset", "/health", "/oauth2/token"]) {
      const { status, headers } = await send(port, { path, headers: { host } });
      expect(status, path).to.equal(401);
      expect(Object.keys(headers).join()).not.to.include("access-control");
    }
  });

  it("refuses others in the local Sumo Logic", async () => {
    const api = new URL("v1/monitors/root", environment.sumoLogic.apiUrl);
    const basic = (access: string) => `Basic ${Buffer.from(access).toString("base64")}`;
    const { SUMOLOGIC_ACCESSID, SUMOLOGIC_ACCESSKEY } = environment.variables;
    const get = (authorization: string, headers: Record<string, string> = {}) =>
      send(Number(api.port), {
        method: "GET",
        path: api.pathname,
        headers: { authorization, ...headers },
      });
    const right = basic(`${SUMOLOGIC_ACCESSID}:${SUMOLOGIC_ACCESSKEY}`);

    expect((await get(right)).status).to.equal(200);
    expect((await get(basic(`${SUMOLOGIC_ACCESSID}:test`))).status).to.equal(401);
    expect((await get(right, { origin: "https://evil.example" })).status).to.equal(403);
    expect((await get(right, { host: "evil.example" })).status).to.equal(403);
    const logs = new URL(stack.logSourceUrl);
    const post = {
      path: logs.pathname,
      body: "a line",
      headers: { origin: "https://evil.example" },
    };
    expect((await send(Number(logs.port), post)).status).to.equal(403);
  });

  // Only Linux tells which process listens on which port without a tool.
  const onLinux = process.platform === "linux" ? it : () => {};
  onLinux("has no port of the emulator or of a function", () => {
    const listening = ["tcp", "tcp6"]
      .flatMap((it) => readFileSync(`/proc/net/${it}`, "utf8").split("\n").slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === "0A")
      .map((fields) => fields[9]);
    const all = processes();
    const emulators = all.filter(({ command }) =>
      command.includes(join(root, "sandbox", "aws", "emulator.py")),
    );
    const family = new Set(emulators.map(({ pid }) => pid));
    for (let size = 0; size < family.size; ) {
      size = family.size;
      for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
    }
    // The function has run, so its process is among them.
    expect(family.size).to.be.above(emulators.length);

    // Nor does a function have root's secret.
    const functions = all.filter(
      ({ pid, command }) => family.has(pid) && /\bnode\b/.test(command.split(" ")[0] ?? ""),
    );
    expect(functions).not.to.deep.equal([]);
    for (const { pid } of functions) {
      expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.to.include(key.secretAccessKey);
    }

    const ports = [...family].flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => {
        const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
        return inode;
      }),
    );
    expect(ports.filter((inode) => inode && listening.includes(inode))).to.deep.equal([]);
  });

  it("keeps its files from other users", () => {
    const modes = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        const mode = (lstatSync(path).mode & 0o777).toString(8);
        if (entry.isSymbolicLink()) return [];
        const own = mode.endsWith("00") ? [] : [`${mode} ${path}`];
        return entry.isDirectory() ? [...own, ...modes(path)] : own;
      });

    expect((lstatSync(join(root, ".sandbox")).mode & 0o777).toString(8)).to.equal("700");
    expect((lstatSync(environment.folder).mode & 0o777).toString(8)).to.equal("700");
    expect(modes(environment.folder)).to.deep.equal([]);
  });

  it("has no secret in a process's arguments", () => {
    const all = [...commands].join("\n");
    expect(all).to.include("pulumi config set-all");
    const { SUMOLOGIC_ACCESSKEY = "" } = environment.variables;
    for (const secret of [environment.webhookToken, key.secretAccessKey, SUMOLOGIC_ACCESSKEY]) {
      expect(all).not.to.include(secret);
    }
  });
});
