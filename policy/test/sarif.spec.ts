import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { component, policyFolder, rolePolicy, ruleNamed, secret, startPack } from "./support.ts";

const policy = rolePolicy({
  Sid: "Tell",
  Effect: "Allow",
  Action: ["sns:Publish", "sns:Subscribe", "cloudwatch:PutMetricData"],
  Resource: "*",
});

interface Result {
  readonly ruleId: string;
  readonly level: string;
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly properties: {
    readonly resource: { readonly type: string; readonly name: string; readonly urn: string };
    readonly enforcementLevel: string;
    readonly severity: string;
    readonly canBeWaived: boolean;
  };
}

function waiverParts({ ruleId, partialFingerprints, properties }: Result) {
  return { ruleId, identity: partialFingerprints["finding/v1"], properties };
}

describe("sarif", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sarif-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = () => JSON.parse(readFileSync(join(folder, "findings.sarif"), "utf8"));
  function pack(
    settings: Record<string, Record<string, unknown>> = {},
    environment: Record<string, string> = {},
    advisory: readonly string[] = [],
  ) {
    return startPack({
      advisory,
      rules: [ruleNamed("star-resource")],
      settings: { sarif: { file: "findings.sarif" }, ...settings },
      folder,
      environment,
    });
  }

  it("is whole and empty where nothing is found", async () => {
    await pack().analyze({ type: "x:y:Z", props: {} });

    const { version, runs } = read();
    expect(version).to.equal("2.1.0");
    expect(runs[0].results).to.deep.equal([]);
    expect(runs[0].tool.driver.name).to.equal("least-privilege-iam");
    expect(runs[0].tool.driver.rules.map(({ id }: { id: string }) => id)).to.deep.equal([
      "star-resource",
    ]);
  });

  it("has each finding once, with level, text and URN", async () => {
    const it = pack();

    await it.analyze(policy);
    await it.analyze(policy);

    const { results } = read().runs[0];
    expect(
      results.map(({ ruleId, level }: { ruleId: string; level: string }) => [ruleId, level]),
    ).to.deep.equal([
      ["star-resource", "error"],
      ["star-resource", "warning"],
    ]);
    expect(results[0].message.text).to.equal(
      "it: policy, statement Tell: Resource * with sns:Publish and sns:Subscribe: the action accepts a resource (topic). List the ARNs instead, built from names that are known before deployment.",
    );
    expect(results[0].locations).to.deep.equal([
      {
        physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
        logicalLocations: [
          {
            name: "it",
            fullyQualifiedName: "urn:pulumi:dev::test::aws:iam/rolePolicy:RolePolicy::it",
            kind: "resource",
          },
        ],
      },
    ]);
  });

  it("has what a waiver of the finding needs, and what the engine does about it", async () => {
    await pack().analyze(policy);

    const { results } = read().runs[0];
    expect(results.map(waiverParts)).to.deep.equal([
      {
        ruleId: "star-resource",
        identity: "policy, statement Tell: Resource * with sns:Publish and sns:Subscribe",
        properties: {
          resource: {
            type: "aws:iam/rolePolicy:RolePolicy",
            name: "it",
            urn: "urn:pulumi:dev::test::aws:iam/rolePolicy:RolePolicy::it",
          },
          enforcementLevel: "mandatory",
          severity: "high",
          canBeWaived: true,
        },
      },
      {
        ruleId: "star-resource",
        identity: "policy, statement Tell: Resource * with cloudwatch:PutMetricData",
        properties: {
          resource: {
            type: "aws:iam/rolePolicy:RolePolicy",
            name: "it",
            urn: "urn:pulumi:dev::test::aws:iam/rolePolicy:RolePolicy::it",
          },
          enforcementLevel: "advisory",
          severity: "high",
          canBeWaived: true,
        },
      },
    ]);
  });

  it("has a finding that a waiver from its parts excuses", async () => {
    await pack().analyze(policy);
    const waivers = read()
      .runs[0].results.map(waiverParts)
      .map(({ ruleId, identity, properties: { resource } }: ReturnType<typeof waiverParts>) => ({
        rule: ruleId,
        type: resource.type,
        name: resource.name,
        finding: identity,
        reason: "For this test.",
        owner: "platform",
        expires: "2027-03-31",
      }));
    writeFileSync(join(folder, "waivers.json"), JSON.stringify(waivers));

    const { verdicts } = await pack({ waivers: { file: "waivers.json" } }).analyze(policy);

    expect(verdicts).to.deep.equal([]);
  });

  it("says that a waiver can excuse neither a secret nor a finding about the pack's own files", async () => {
    writeFileSync(join(folder, "waivers.json"), "no JSON");
    const withSecret = component({
      actions: ["sns:Publish", secret("pin 0042")],
      resources: ["*"],
    });
    const it = startPack({
      rules: [ruleNamed("star-resource"), ruleNamed("unknown-action")],
      settings: { sarif: { file: "findings.sarif" }, waivers: { file: "waivers.json" } },
      folder,
    });

    await it.analyze(withSecret);

    const { results } = read().runs[0];
    expect(
      results.map((it: Result) => [
        it.ruleId,
        it.partialFingerprints["finding/v1"],
        it.properties.canBeWaived,
      ]),
    ).to.deep.equal([
      ["waivers", "waivers file waivers.json", false],
      [
        "star-resource",
        "grants, statement number 1: Resource * with (secret) and sns:Publish",
        false,
      ],
      ["unknown-action", "grants, statement number 1: Action (secret)", false],
    ]);
  });

  it("has the level that the configuration gives a rule", async () => {
    await pack({}, {}, ["star-resource"]).analyze(policy);

    const { results } = read().runs[0];
    expect(
      results.map(({ level, properties }: Result) => [level, properties.enforcementLevel]),
    ).to.deep.equal([
      ["warning", "advisory"],
      ["warning", "advisory"],
    ]);
  });

  it("has a fingerprint for GitHub that is different for each finding, and the same in each run", async () => {
    await pack().analyze(policy);

    const { results } = read().runs[0];
    expect(
      results.map((it: Result) => it.partialFingerprints.primaryLocationLineHash),
    ).to.deep.equal(["6c1e24d2c19ac761a1d4:1", "0575135e26328d70adb2:1"]);
  });

  it("marks what a waiver excuses as suppressed, with its reason", async () => {
    const waiver = {
      rule: "star-resource",
      type: policy.type,
      name: "it",
      finding: "policy, statement Tell: Resource * with sns:Publish and sns:Subscribe",
      reason: "Others create the topics.",
      owner: "platform",
      expires: "2027-03-31",
    };
    writeFileSync(join(folder, "waivers.json"), JSON.stringify([waiver]));

    await pack({ waivers: { file: "waivers.json" } }).analyze(policy);

    const { results } = read().runs[0];
    expect(
      results.map(({ suppressions }: { suppressions: unknown }) => suppressions),
    ).to.deep.equal([
      [{ kind: "external", status: "accepted", justification: "Others create the topics." }],
      undefined,
    ]);
  });

  for (const [what, file] of [
    ["absolute", () => join(folder, "pipeline.sarif")],
    ["from where the engine was started", () => "pipeline.sarif"],
  ] as const) {
    it(`goes where SARIF_FILE says, ${what}, whatever is configured`, async () => {
      await pack({}, { SARIF_FILE: file(), PWD: folder }).analyze(policy);

      expect(readdirSync(folder)).to.deep.equal(["pipeline.sarif"]);
    });
  }

  it("is written for SARIF_FILE where nothing is configured", async () => {
    const environment = { SARIF_FILE: "pipeline.sarif", PWD: folder };

    await pack({ sarif: {} }, environment).analyze(policy);

    expect(readdirSync(folder)).to.deep.equal(["pipeline.sarif"]);
  });

  it("is not written where neither names it", async () => {
    await pack({ sarif: {} }).analyze(policy);

    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("reports a file that cannot be written", async () => {
    const it = pack({ sarif: { file: "no/such/folder/findings.sarif" } });

    const { verdicts } = await it.analyze({ type: "x:y:Z", props: {} });

    expect(verdicts.map(({ rule, level }) => [rule, level])).to.deep.equal([
      ["sarif", "mandatory"],
    ]);
    expect(verdicts[0]?.message).to.include(
      "no/such/folder/findings.sarif: it cannot be written: ENOENT.",
    );
  });

  it("reports once that the disk is full, and goes on", () => {
    const program = `
      require("ts-node").register({ transpileOnly: true, cwd: ${JSON.stringify(join(policyFolder, ".."))} });
      const { createPack } = require(${JSON.stringify(join(policyFolder, "pack.ts"))});
      const rule = {
        name: "long",
        check: () => [1, 2].map((it) => ({ what: "x".repeat(2_000) + it, why: "w", fix: "f" })),
      };
      const options = {
        rules: [rule],
        folder: ${JSON.stringify(folder)},
        environment: { SARIF_FILE: "full.sarif", PWD: ${JSON.stringify(folder)} },
        now: () => new Date(),
      };
      const report = ({ name }) => console.log(name);
      const resource = { type: "x:y:Z", name: "it", urn: "urn", props: {}, getConfig: () => ({}) };
      (async () => {
        for (const it of createPack(options).policies) await it.validateResource?.(resource, report);
      })();
    `;
    // No file larger than 1,024 bytes.
    const words = ["-c", 'ulimit -f 1 && exec "$0" -e "$1"', process.execPath, program];
    const { stdout, stderr } = spawnSync("bash", words, {
      encoding: "utf8",
      cwd: join(policyFolder, ".."),
    });

    expect(stderr).to.equal("");
    expect(stdout.trim().split("\n")).to.deep.equal(["long", "sarif", "long"]);
    const { runs } = JSON.parse(readFileSync(join(folder, "full.sarif"), "utf8"));
    expect(runs[0].results).to.deep.equal([]);
  });

  describe("where a link or another thing is", () => {
    let elsewhere: string;
    beforeEach(() => {
      elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
      writeFileSync(join(elsewhere, "findings.sarif"), "precious");
    });
    afterEach(() => rmSync(elsewhere, { recursive: true }));

    const precious = () => readFileSync(join(elsewhere, "findings.sarif"), "utf8");
    const problemOf = async (file: string) => {
      const settings = { sarif: { file } };
      const { verdicts } = await pack(settings, { PWD: folder }).analyze(policy);
      return verdicts.filter(({ rule }) => rule === "sarif").map(({ message }) => message);
    };

    it("does not write through a link in its place", async () => {
      symlinkSync(join(elsewhere, "findings.sarif"), join(folder, "findings.sarif"));

      expect((await problemOf("findings.sarif"))[0]).to.include(
        "findings.sarif: it was not written because a symbolic link is there.",
      );
      expect(precious()).to.equal("precious");
    });

    it("does not write through a link that leads its folder out of where the engine was started", async () => {
      symlinkSync(elsewhere, join(folder, "out"));

      expect((await problemOf("out/findings.sarif"))[0]).to.include(
        `findings.sarif: it was not written because a symbolic link leads its folder out of ${folder}.`,
      );
      expect(precious()).to.equal("precious");
    });

    it("writes into a folder that a link inside leads to", async () => {
      mkdirSync(join(folder, "real"));
      symlinkSync(join(folder, "real"), join(folder, "out"));

      expect(await problemOf("out/findings.sarif")).to.deep.equal([]);
      expect(readdirSync(join(folder, "real"))).to.deep.equal(["findings.sarif"]);
    });

    it("writes elsewhere if that is what was asked for", async () => {
      expect(await problemOf(join(elsewhere, "findings.sarif"))).to.deep.equal([]);
      expect(JSON.parse(precious()).version).to.equal("2.1.0");
    });

    it("waits for no reader of a pipe", async () => {
      execFileSync("mkfifo", [join(folder, "findings.sarif")]);

      expect((await problemOf("findings.sarif"))[0]).to.include(
        "findings.sarif: it was not written because something other than a regular file is there.",
      );
    });

    it("keeps to its file if the program puts a link in its place", async () => {
      const it = pack();
      await it.analyze({ type: "x:y:Z", props: {} });
      rmSync(join(folder, "findings.sarif"));
      symlinkSync(join(elsewhere, "findings.sarif"), join(folder, "findings.sarif"));

      await it.analyze(policy);

      expect(precious()).to.equal("precious");
    });
  });
});
