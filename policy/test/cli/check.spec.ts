import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runInMemory } from "./memory-terminal.ts";

const policy = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Tell", Effect: "Allow", Action: "sns:Publish", Resource: "*" }],
};
const finding = {
  id: "086bb7633c11803362cd",
  rule: "star-resource",
  level: "mandatory",
  message:
    "wide.json: policy, statement Tell: Resource * with sns:Publish: the action accepts a resource (topic). List the ARNs instead, built from names that are known before deployment.",
  urn: "urn:pulumi:check::check::aws:iam/policy:Policy::wide.json",
};

describe("the findings of the command check", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "check-"));
    write("wide.json", policy);
    write("also-wide.json", policy);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  const run = (args: readonly string[], environment: Record<string, string> = {}) =>
    runInMemory(args, { folder, environment });
  const sarifFindings = (name: string) =>
    JSON.parse(readFileSync(join(folder, name), "utf8")).runs[0].results.map(
      ({ ruleId, properties }: { ruleId: string; properties: { resource: { name: string } } }) => [
        ruleId,
        properties.resource.name,
      ],
    );

  it("have an ID, of which people see the first digits", async () => {
    const { output } = await run(["check", "wide.json", "--json"]);
    const text = await run(["check", "wide.json"]);

    expect(JSON.parse(output)).to.deep.equal({ findings: [finding] });
    expect(text.output).to.equal(
      `[mandatory] star-resource ${finding.id.slice(0, 8)}  ${finding.message}\n1 mandatory, 0 advisory\n`,
    );
  });

  it("are all in the SARIF file that the environment names, of each document", async () => {
    const { code } = await run(["check", "wide.json", "also-wide.json"], { SARIF_FILE: "f.sarif" });

    expect(code).to.equal(1);
    expect(sarifFindings("f.sarif")).to.deep.equal([
      ["star-resource", "wide.json"],
      ["star-resource", "also-wide.json"],
    ]);
  });

  it("are in the SARIF file of the configuration, in which the waived ones are suppressed", async () => {
    write("waivers.json", [
      {
        rule: "star-resource",
        type: "aws:iam/policy:Policy",
        name: "wide.json",
        finding: "policy, statement Tell: Resource * with sns:Publish",
        reason: "Tenants create the topics.",
        owner: "platform team",
        expires: "2027-03-31",
      },
    ]);
    const policies = { sarif: { file: "f.sarif" }, waivers: { file: "waivers.json" } };
    write("config.json", { version: 2, policies });

    const { code } = await run(["check", "wide.json", "--config", "config.json"]);

    expect(code).to.equal(0);
    const [result] = JSON.parse(readFileSync(join(folder, "f.sarif"), "utf8")).runs[0].results;
    expect(result.suppressions[0].justification).to.equal("Tenants create the topics.");
  });

  it("fail with exit code 2 if that file cannot be written", async () => {
    const { code, errors } = await run(["check", "wide.json"], { SARIF_FILE: "no/f.sarif" });

    expect(code).to.equal(2);
    expect(errors).to.equal(
      `error: SARIF file ${join(folder, "no/f.sarif")}: it cannot be written: ENOENT\n`,
    );
  });

  it("stay on one line each, whatever a name has", async () => {
    write("a\n[advisory] b\u202e.json", policy);

    const { output } = await run(["check", "a\n[advisory] b\u202e.json"]);

    expect(output.split("\n").map((it) => it.slice(0, 75))).to.deep.equal([
      "[mandatory] star-resource 090e851b  a\\u000a[advisory] b\\u202e.json: policy,",
      "1 mandatory, 0 advisory",
      "",
    ]);
  });
});

describe("a document of the command check", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "check-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const check = (input: string, ...options: string[]) =>
    runInMemory(["check", "-", ...options], { folder, input });
  const statement = '{"Effect":"Allow","Action":"sns:Publish","Resource":"*"}';
  const document = `{"Version":"2012-10-17","Statement":[${statement}]}`;

  const unreadable = "[mandatory] unknown-document 44d50d11  standard input: unreadable policy: ";
  for (const [json, problem] of [
    ['{"Statement":5}', "statement 1 is not an object"],
    ['{"Statement":[null,1]}', "statement 1 is not an object"],
    [`{"Statement":[{"Action":"*",${statement.slice(1)}]}`, "it has a duplicate element (Action)"],
    [
      `{"Policy":${JSON.stringify(`{"Statement":[{"Action":"*",${statement.slice(1)}]}`)}}`,
      "it has a duplicate element (Action)",
    ],
    [
      `{"Statement":[],"Id":"${"a".repeat(262_144)}"}`,
      "it has more than 262144 characters, and AWS accepts no document of that length",
    ],
  ] as const) {
    it(`is a finding if it cannot be read: ${json.slice(0, 80)}`, async () => {
      const { code, output } = await check(json);

      expect(output).to.equal(
        `${unreadable}${problem}. Write an IAM policy document.\n1 mandatory, 0 advisory\n`,
      );
      expect(code).to.equal(1);
    });
  }

  for (const [command, json] of [
    ["aws iam get-policy-version", `{"PolicyVersion":{"Document":${document},"VersionId":"v1"}}`],
    ["aws iam get-role-policy", `{"RoleName":"r","PolicyName":"p","PolicyDocument":${document}}`],
    ["aws s3api get-bucket-policy", JSON.stringify({ Policy: document })],
    [
      "aws sqs get-queue-attributes",
      JSON.stringify({ Attributes: { QueueArn: "arn:aws:sqs:us-east-1:1:q", Policy: document } }),
    ],
    ["aws ecr get-repository-policy", JSON.stringify({ registryId: "1", policyText: document })],
    ["a person who writes names in lower case", document.replace("Statement", "statement")],
  ] as const) {
    it(`is read as it comes from ${command}`, async () => {
      const { code, output } = await check(json);

      expect(output).to.match(/^\[mandatory\] star-resource cd11412d {2}standard input: policy, /);
      expect(code).to.equal(1);
    });
  }

  it("is the trust policy in what `aws iam get-role` prints", async () => {
    const trust = document
      .replace('"Resource"', '"Principal"')
      .replace("sns:Publish", "sts:AssumeRole");

    const { output } = await check(`{"Role":{"RoleName":"r","AssumeRolePolicyDocument":${trust}}}`);

    expect(output).to.match(
      /^\[mandatory\] trust-principal 484547c3 {2}standard input: assumeRolePolicy, /,
    );
  });

  for (const [json, problem] of [
    ["", "is not JSON: expected one IAM policy document"],
    ["garbage{", "is not JSON: expected one IAM policy document"],
    ["null", "has no Statement: expected one IAM policy document"],
    ["[]", "has no Statement: expected one IAM policy document"],
    ['{"Statement":null}', "has no Statement: expected one IAM policy document"],
    ['{"Policy":"{"}', "has no Statement: expected one IAM policy document"],
    [
      `[${document},${document}]`,
      "has 2 policy documents: expected one IAM policy document in each file",
    ],
  ] as const) {
    it(`is refused if it is something else: ${json}`, async () => {
      expect(await check(json)).to.deep.equal({
        code: 2,
        output: "",
        errors: `error: standard input ${problem}\n`,
      });
    });
  }

  it("may have the configuration and the waivers of a whole stack", async () => {
    const waiver = {
      rule: "foreign-arn",
      type: "aws:iam/policy:Policy",
      name: "other",
      finding: "policy, statement number 1: Resource arn:aws:sns:us-east-1:111122223333:topic",
      reason: "The topic is in the stack of the platform.",
      owner: "platform team",
      expires: "2027-03-31",
    };
    writeFileSync(join(folder, "waivers.json"), JSON.stringify([waiver]));
    writeFileSync(
      join(folder, "config.json"),
      '{"foreign-arn":{"external":[]},"waivers":{"file":"waivers.json"},"star-resource":"disabled"}',
    );

    const { output } = await check(document, "--config", "config.json");

    expect(output).to.equal("no findings\n");
  });

  for (const [config, problem] of [
    [
      '{"version":2,"policies":5}',
      "policies is not an object: expected levels or settings by rule",
    ],
    [
      '{"star-action":["advisory"]}',
      'star-action has the level ["advisory"]: expected one of advisory, mandatory, remediate, disabled',
    ],
  ] as const) {
    it(`is not checked with a wrong configuration: ${config}`, async () => {
      writeFileSync(join(folder, "config.json"), config);

      expect(await check(document, "--config", "config.json")).to.deep.equal({
        code: 2,
        output: "",
        errors: `error: config.json: ${problem}\n`,
      });
    });
  }

  it("gets no suggestion without an action", async () => {
    const { output } = await check(document.replace("sns:Publish", "sqs:*"), "--kind", "trust");

    expect(output).to.match(/List each action that is called\.\n/);
  });
});
