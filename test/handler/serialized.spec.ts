import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { specialArchiveSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { expect } from "chai";
import { unzipSync } from "fflate";
import { zipOf } from "../../sandbox/aws/provider/aws-lambda.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import {
  alert,
  alertBody,
  functionVariables as environment,
  metricsOf,
  queueEvent,
  token,
  webhook,
} from "./support.ts";

const pulumi = createRequire(import.meta.url)("@pulumi/pulumi") as typeof import("@pulumi/pulumi");

/** Writes packages named like the SDK's, whose clients accept everything and record their creation. */
function writeSdk(folder: string): void {
  const commands = {
    dynamodb: [
      "DynamoDBClient",
      "TransactWriteItemsCommand",
      "UpdateItemCommand",
      "GetItemCommand",
    ],
    ec2: ["EC2Client", "DescribeInstanceStatusCommand", "RebootInstancesCommand"],
    sns: ["SNSClient", "PublishCommand"],
    sqs: ["SQSClient", "SendMessageCommand"],
  };
  const status = {
    InstanceId: environment.INSTANCE_ID,
    InstanceState: { Name: "running" },
    SystemStatus: { Status: "ok" },
    InstanceStatus: { Status: "ok" },
  };
  for (const [name, [client, ...rest]] of Object.entries(commands)) {
    const path = join(folder, `client-${name}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "package.json"), `{"type":"module","exports":"./index.js"}`);
    const text = `
      export class ${client} {
        constructor(config) {
          this.config = config;
          globalThis.created.push("${client} " + config.maxAttempts);
        }
        send = async () => ({ InstanceStatuses: [${JSON.stringify(status)}] });
      }
      ${rest.map((command) => `export class ${command} {}`).join("\n")}`;
    writeFileSync(join(path, "index.js"), text);
  }
}

/** The text that Pulumi deploys, and what it does when it is required alone. */
describe("the deployed package", () => {
  let folder: string;
  let text: string;
  let textWithEvidence: string;
  let textWithGroup: string;
  let largestText: string;
  before(async () => {
    const { factory, factoryWithEvidence, factoryWithGroup, factoryWithEverything } = loadProgram<
      typeof import("../fixtures/factory.ts")
    >("test/fixtures/factory.ts");
    const serialize = (it: () => unknown) =>
      pulumi.runtime.serializeFunction(it, { isFactoryFunction: true });
    ({ text } = await serialize(factory));
    ({ text: textWithEvidence } = await serialize(factoryWithEvidence));
    ({ text: textWithGroup } = await serialize(factoryWithGroup));
    ({ text: largestText } = await serialize(factoryWithEverything));
    folder = mkdtempSync(join(tmpdir(), "package-"));
    writeFileSync(join(folder, "__index.js"), text);
  });
  afterEach(() => rmSync(join(folder, "node_modules"), { recursive: true, force: true }));
  after(() => rmSync(folder, { recursive: true }));

  /** Runs a script that has the handler, in a separate process; returns the lines it prints. */
  function run(script: string, variables: object = environment): string[] {
    const start = `
      const context = { awsRequestId: "r", getRemainingTimeInMillis: () => 20000 };
      const handle = (event) => Promise.resolve()
        .then(() => require("./__index.js").handler(event, context))
        .then((response) => ({ response }), ({ name, message }) => ({ name, message }));`;
    const output = execFileSync(process.execPath, ["-e", `${start}\n${script}`], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, ...variables },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.trim().split("\n");
  }

  /** Calls the handler where no package can be found. */
  function call(event: unknown, variables: object = environment) {
    const script = `handle(${JSON.stringify(event)})
      .then((result) => console.log("\\n" + JSON.stringify(result)));`;
    return JSON.parse(run(script, variables).pop() ?? "");
  }

  it("is one file of at most 34 KiB, and of at most 46 KiB for a group", () => {
    for (const [it, most] of [
      [text, 34_816],
      [textWithEvidence, 34_816],
      [textWithGroup, 47_104],
      [largestText, 47_104],
    ] as const) {
      const assets = { "__index.js": { text: it } };
      const zip = zipOf({ [specialSigKey]: specialArchiveSig, hash: "", assets });

      expect(Object.keys(unzipSync(zip))).to.deep.equal(["__index.js"]);
      expect(zip.length).to.be.at.most(most);
    }
  });

  it("has the decisions about a group only if it has a group", () => {
    expect(text).not.to.include("maxRebootingAtOnce");
    expect(textWithEvidence).not.to.include("maxRebootingAtOnce");
    expect(textWithGroup).to.include("maxRebootingAtOnce");
  });

  it("has the call about targets only if it has a target group", () => {
    expect(textWithGroup).not.to.include("client-elastic-load-balancing-v2");
    expect(largestText).to.include("client-elastic-load-balancing-v2");
  });

  it("has the calls that capture evidence only if it captures evidence", () => {
    const calls = /@aws-sdk\/client-s3|GetConsoleOutputCommand|PutObjectCommand/;

    expect(text).not.to.match(calls);
    expect(textWithEvidence).to.match(calls);
  });

  it("finds the AWS SDK by its bare names, and knows no path of this machine", () => {
    for (const name of ["dynamodb", "ec2", "sns", "sqs"]) {
      expect(text).to.match(new RegExp(`(import|require)\\("@aws-sdk/client-${name}"\\)`));
    }
    expect(text).not.to.include("dist-cjs");
    expect(text).not.to.include("node_modules");
    expect(text).not.to.include(join(import.meta.dirname, "..", ".."));
  });

  it("runs alone and refuses a stranger", () => {
    expect(call(webhook(alertBody, { headers: {} })).response.statusCode).to.equal(401);
  });

  it("knows the token by its digest", () => {
    expect(token).to.equal("a".repeat(64));
    expect(call(webhook("rubbish")).response).to.deep.include({
      statusCode: 400,
      body: '{"error":"the body is not JSON in UTF-8"}',
    });
  });

  it("keeps the names and messages of its errors", () => {
    const { name, message } = call([]);

    expect(name).to.equal("RefusedCall");
    expect(message).to.match(/^the payload must be an object: got a list/);
  });

  it("cleans what was sent, at any depth", () => {
    const { message } = call({ "\u001b]0;\u009b\u202e\u200b": 1 });
    const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
    const body = JSON.stringify(alertBody).replace('"Critical"', deep);

    expect(message).to.match(/^unknown key "\\u001b\]0; {3}"/);
    expect(call(webhook(body)).response).to.deep.include({
      statusCode: 400,
      body: '{"error":"field triggerType must be a string: got a list"}',
    });
  });

  it("responds to an alert although it finds no AWS SDK, and says so", () => {
    const windowEndMs = String(Date.now());
    const { statusCode, body } = call(alert({ windowEndMs })).response;

    expect(statusCode).to.equal(200);
    expect(JSON.parse(body)).to.deep.include({ outcome: "failed", notified: false });
    expect(JSON.parse(body).reason).to.include("the AWS SDK cannot be loaded");
  });

  it("gives a check back although it finds no AWS SDK", () => {
    const { batchItemFailures } = call(queueEvent()).response;

    expect(batchItemFailures).to.deep.equal([{ itemIdentifier: "message-1" }]);
  });

  it("writes a metric as a separate line, which no log record wraps", () => {
    const event = JSON.stringify(webhook(alertBody, { headers: {} }));

    const lines = run(`handle(${event});`).filter((line) => line.startsWith('{"_aws":'));

    expect(metricsOf(lines)).to.deep.equal(["AlertRefused"]);
    expect(JSON.parse(lines[0] ?? "").FunctionName).to.equal("reboot");
  });

  it("loads the AWS SDK again after it could not, and creates each client once", () => {
    const alerts = [1, 2, 3].map((index) =>
      alert({ windowEndMs: String(Date.now()), alertUrl: `https://${index}.sumologic.com/` }),
    );
    const script = `
      const { cpSync } = require("node:fs");
      const outcomes = [];
      const next = async (event) => {
        const { response } = await handle(event);
        outcomes.push(JSON.parse(response.body).outcome);
      };
      const [first, second, third] = ${JSON.stringify(alerts)};
      globalThis.created = [];
      next(first)
        .then(() => cpSync("sdk", "node_modules/@aws-sdk", { recursive: true }))
        .then(() => next(second))
        .then(() => next(third))
        .then(() => console.log("\\n" + JSON.stringify({ outcomes, created })));`;
    writeSdk(join(folder, "sdk"));

    const { outcomes, created } = JSON.parse(run(script).pop() ?? "");

    expect(outcomes).to.deep.equal(["failed", "rebooted", "rebooted"]);
    // The client that reboots makes one attempt only; the other one of EC2 statusCalls.
    expect(created.sort()).to.deep.equal([
      "DynamoDBClient 2",
      "EC2Client 1",
      "EC2Client 2",
      "SNSClient 2",
      "SQSClient 2",
    ]);
  });

  it("fails at its cold start when a variable is wrong, naming it", () => {
    const { message } = call({}, { ...environment, INSTANCE_ID: "all" });

    expect(message).to.include('instanceIds: got ["all"]');
  });
});
