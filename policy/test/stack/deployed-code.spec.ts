import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { specialArchiveSig, specialAssetSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { expect } from "chai";
import { zipSync } from "fflate";
import {
  allow,
  environment,
  lambda,
  ownLog,
  policy,
  publishing,
  role,
  topic,
  topicArn,
} from "../function-stack.ts";
import { messagesOf, ruleNamed, startPack, unknown, urnOf } from "../support.ts";

const alerts = topic("alerts");

describe("the code of a function whose program is elsewhere", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "program-"));
    mkdirSync(join(root, ".git"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const zipOf = (text: string) => zipSync({ "index.mjs": Buffer.from(text) });
  const archive = (path: string) => ({ [specialSigKey]: specialArchiveSig, path });
  const sha256 = (path: string) =>
    createHash("sha256")
      .update(readFileSync(join(root, path)))
      .digest("hex");

  /** What both rules find of a role that may only write the log, and subscribe. */
  async function found(code: object, start: string, hash: string | undefined): Promise<string[]> {
    const { props, dependsOn } = environment({ TOPIC_ARN: unknown }, alerts);
    const worker = lambda({ props: { code, ...props }, dependsOn });
    const pack = startPack({
      rules: ["missing-grant", "unused-grant"].map(ruleNamed),
      environment: { PWD: join(root, start) },
      codeHashes: new Map(hash === undefined ? [] : [[urnOf(worker), hash]]),
    });
    const subscribe = allow("Other", "sns:Subscribe", topicArn("alerts"));
    const { verdicts } = await pack.analyzeStack([role, alerts, worker, policy(ownLog, subscribe)]);
    return messagesOf(verdicts).map((it) => it.split(" (")[0] ?? "");
  }
  const compared = [
    "role: sns:Publish on aws:sns/topic:Topic alerts: the code of worker calls PublishCommand of @aws-sdk/client-sns",
    "role: statement Other: sns:Subscribe on aws:sns/topic:Topic alerts: neither the code of worker nor its configuration uses it. Remove it.",
  ];
  const notFound = (path: string, start: string) => [
    `advisory: worker: code: it is not compared with the role: its code ${path} is not found as the engine deploys it, neither from ${join(root, start)} nor from the folder of a Pulumi.yaml. Review the role manually.`,
  ];

  for (const [what, start, project, main, path] of [
    ["pulumi -C infra preview", "", "infra", "", "infra/worker.zip"],
    ["main: src/", "", "", "main: src/\n", "src/worker.zip"],
    ["both", "", "infra", "main: src/\n", "infra/src/worker.zip"],
    ["a folder below the project", "infra/lib", "infra", "", "infra/worker.zip"],
    ["the Automation API in another folder", "tools", "stacks/app", "", "stacks/app/worker.zip"],
    ["the folder of the engine", "infra", "infra", "", "infra/worker.zip"],
  ] as const) {
    it(`is found and compared: ${what}`, async () => {
      mkdirSync(join(root, start), { recursive: true });
      write(join(project, "Pulumi.yaml"), `name: test\nruntime: nodejs\n${main}`);
      write(path, zipOf(publishing));

      expect(await found(archive("worker.zip"), start, sha256(path))).to.deep.equal(compared);
    });
  }

  it("is found and compared without a project file, in the folder of the engine", async () => {
    write("app/worker.zip", zipOf(publishing));

    const hash = sha256("app/worker.zip");
    expect(await found(archive("worker.zip"), "app", hash)).to.deep.equal(compared);
  });

  it("is read from the project if the engine's folder has another file of that name", async () => {
    write("infra/Pulumi.yaml", "name: test\n");
    write("infra/worker.zip", zipOf(publishing));
    write("worker.zip", zipOf("export const handler = () => 1;"));

    expect(await found(archive("worker.zip"), "", sha256("infra/worker.zip"))).to.deep.equal(
      compared,
    );
  });

  it("is not found, and nothing is guessed, if no file has the engine's hash", async () => {
    write("Pulumi.yaml", "name: test\n");
    write("worker.zip", zipOf(publishing));

    for (const hash of ["0".repeat(64), undefined]) {
      expect(await found(archive("worker.zip"), "", hash)).to.deep.equal(
        notFound("worker.zip", ""),
      );
    }
    expect(await found(archive("gone.zip"), "", sha256("worker.zip"))).to.deep.equal(
      notFound("gone.zip", ""),
    );
  });

  it("is not taken from a project of another name", async () => {
    write("infra/Pulumi.yaml", "name: other\n");
    write("infra/worker.zip", zipOf(publishing));

    expect(await found(archive("worker.zip"), "", sha256("infra/worker.zip"))).to.deep.equal(
      notFound("worker.zip", ""),
    );
  });

  it("needs no folder if it has no relative path", async () => {
    write("app/worker.zip", zipOf(publishing));
    const text = { [specialSigKey]: specialAssetSig, text: publishing };
    const strings = { [specialSigKey]: specialArchiveSig, assets: { "index.mjs": text } };

    expect(await found(strings, "gone", undefined)).to.deep.equal(compared);
    expect(await found(archive(join(root, "app/worker.zip")), "", undefined)).to.deep.equal(
      compared,
    );
  });
});
