import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { specialArchiveSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { expect } from "chai";
import { unzipSync } from "fflate";
import { loadProgram } from "../../sandbox/program.ts";
import { zipOf } from "../../sandbox/providers/aws-lambda.ts";
import { alert, alertBody, token, webhook } from "./support.ts";

const pulumi = createRequire(import.meta.url)("@pulumi/pulumi") as typeof import("@pulumi/pulumi");

const environment = {
  INSTANCE_ID: "i-0123456789abcdef0",
  TOPIC_ARN: "arn:aws:sns:us-east-1:111122223333:topic",
  TOKEN_SHA256: "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb",
  ALERT_RULE: "rule",
  LOG_GROUP: "group",
  TABLE_NAME: "table",
  COOLDOWN_MINUTES: "30",
  MAX_REBOOTS_PER_DAY: "3",
};

/** The text that Pulumi deploys, and what it does when it is required alone. */
describe("the deployed package", () => {
  let folder: string;
  let text: string;
  before(async () => {
    const { factory } = loadProgram<typeof import("../fixtures/factory.ts")>(
      "test/fixtures/factory.ts",
    );
    ({ text } = await pulumi.runtime.serializeFunction(factory, { isFactoryFunction: true }));
    folder = mkdtempSync(join(tmpdir(), "package-"));
    writeFileSync(join(folder, "__index.js"), text);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Calls the handler in a process of its own, where no package can be found. */
  function call(event: unknown, variables: object = environment) {
    const script = `
      const context = { awsRequestId: "r", getRemainingTimeInMillis: () => 20000 };
      Promise.resolve()
        .then(() => require("./__index.js").handler(${JSON.stringify(event)}, context))
        .then((answer) => ({ answer }), ({ name, message }) => ({ name, message }))
        .then((result) => console.log("\\n" + JSON.stringify(result)));`;
    const output = execFileSync(process.execPath, ["-e", script], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, ...variables },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return JSON.parse(output.trim().split("\n").pop() ?? "");
  }

  it("is one file of at most 32 KiB", () => {
    const assets = { "__index.js": { text } };
    const zip = zipOf({ [specialSigKey]: specialArchiveSig, hash: "", assets });

    expect(Object.keys(unzipSync(zip))).to.deep.equal(["__index.js"]);
    expect(zip.length).to.be.at.most(32_768);
  });

  it("finds the AWS SDK by its bare names, and knows no path of this machine", () => {
    expect(text).to.match(/(import|require)\("@aws-sdk\/client-ec2"\)/);
    expect(text).to.match(/(import|require)\("@aws-sdk\/client-sns"\)/);
    expect(text).not.to.include("dist-cjs");
    expect(text).not.to.include("node_modules");
    expect(text).not.to.include(join(import.meta.dirname, "..", ".."));
  });

  it("runs alone and refuses a stranger", () => {
    expect(call(webhook(alertBody, { headers: {} })).answer.statusCode).to.equal(401);
  });

  it("knows the token by its digest", () => {
    expect(token).to.equal("a".repeat(64));
    expect(call(webhook("rubbish")).answer).to.deep.include({
      statusCode: 400,
      body: '{"error":"the body is not JSON in UTF-8"}',
    });
  });

  it("keeps the names and texts of its errors", () => {
    const { name, message } = call([]);

    expect(name).to.equal("RefusedCall");
    expect(message).to.match(/^the payload must be an object: got \[\]/);
  });

  it("answers an alert although it finds no AWS SDK, and says so", () => {
    const windowEndMs = String(Date.now());
    const { statusCode, body } = call(alert({ windowEndMs })).answer;

    expect(statusCode).to.equal(200);
    expect(JSON.parse(body)).to.deep.include({ outcome: "failed", notified: false });
    expect(JSON.parse(body).reason).to.include("the AWS SDK cannot be loaded");
  });

  it("fails at its cold start when a variable is wrong, naming it", () => {
    const { message } = call({}, { ...environment, INSTANCE_ID: "all" });

    expect(message).to.include('instanceId: got "all"');
  });
});
