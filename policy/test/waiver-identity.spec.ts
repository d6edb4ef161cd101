import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import {
  component,
  documentOf,
  findings,
  messagesOf,
  type Resource,
  role,
  rolePolicy,
  rules,
  secret,
  startPack,
} from "./support.ts";

const { listed } = loadProgram<typeof import("../finding.ts")>("policy/finding.ts");

const allow = (Action: unknown, Resource: unknown = "*", Sid = "Wide") =>
  rolePolicy({ Sid, Effect: "Allow", Action, Resource });
const oidc = (subject: string) =>
  role({
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.example.com" },
    Condition: {
      StringEquals: { "token.example.com:aud": "sts.amazonaws.com" },
      StringLike: { "token.example.com:sub": subject },
    },
  });
const withCondition = (key: string) =>
  rolePolicy({
    Sid: "Wide",
    Effect: "Allow",
    Action: "sns:Publish",
    Resource: "arn:aws:sns:us-east-1:111122223333:alerts",
    Condition: { StringEquals: { [key]: "x" } },
  });

describe("what identifies a finding for a waiver", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "waivers-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function packWith(rule: string, finding: string, { type, name = "it" }: Resource) {
    const waiver = { rule, type, name, finding, reason: "r", owner: "o", expires: "2099-12-31" };
    writeFileSync(join(folder, "waivers.json"), JSON.stringify([waiver]));
    return startPack({
      rules: rules.filter((it) => it.name === rule),
      settings: { waivers: { file: "waivers.json" } },
      folder,
    });
  }

  /** What a rule finds on a resource, without the reason. */
  async function textOf(rule: string, resource: Resource): Promise<string> {
    const [message = ""] = await findings(rule, resource);
    return /^(?:advisory: )?\w+: (.*?): (?:it|there|the|for) /.exec(message)?.[1] ?? message;
  }

  /** What a rule finds on a resource that a waiver of the same findings on another does not excuse. */
  async function afterWaiving(rule: string, waived: Resource, other: Resource) {
    const pack = packWith(rule, await textOf(rule, waived), waived);
    expect(messagesOf((await pack.analyze(waived)).verdicts), "waived").to.deep.equal([]);
    return messagesOf((await pack.analyze(other)).verdicts);
  }

  it("shows a service in capitals as AWS reads it", async () => {
    expect(await textOf("star-action", allow("EC2:Reboot*"))).to.equal(
      "policy, statement Wide: Action ec2:Reboot*",
    );
    expect(await textOf("star-action", allow("*:Describe*"))).to.equal(
      "policy, statement Wide: Action *:Describe*",
    );
  });

  for (const [what, rule, one, other] of [
    ["a service in capitals", "star-action", allow("EC2:Reboot*"), allow("EC2:Terminate*")],
    ["an action without service", "star-action", allow("Reboot *"), allow("Terminate *")],
    ["an action of other letters", "unknown-action", allow("e\u0441:A"), allow("e\u0441:B")],
    ["a value that is no string", "star-action", allow([{ a: 1 }]), allow([{ a: 2 }])],
    [
      "a statement's odd Sid",
      "star-action",
      allow("ec2:*", "*", "A B"),
      allow("ec2:*", "*", "A C"),
    ],
    [
      "a Sid like the name of a statement without one",
      "star-action",
      rolePolicy({ Effect: "Allow", Action: "ec2:*", Resource: "*" }),
      allow("ec2:*", "*", "number 1"),
    ],
    [
      "an excluded action in capitals",
      "not-action",
      rolePolicy({ Sid: "Wide", Effect: "Allow", NotAction: "IAM:*", Resource: "*" }),
      rolePolicy({ Sid: "Wide", Effect: "Allow", NotAction: "S3:*", Resource: "*" }),
    ],
    [
      "an odd condition key",
      "unknown-condition-key",
      withCondition("sns: Protokol"),
      withCondition("sns: Endpunkt"),
    ],
    ["a subject", "oidc-subject", oidc("user *"), oidc("team *")],
    [
      "a long ARN",
      "broad-arn",
      allow("sns:Publish", `arn:aws:sns:*:*:${"*".repeat(300)}`),
      allow("sns:Publish", `arn:aws:sns:*:*:${"*".repeat(301)}`),
    ],
    [
      "one more action",
      "star-resource",
      allow(["sns:Publish", "sns:Subscribe"]),
      allow(["sns:Publish", "sns:Subscribe", "sns:DeleteTopic"]),
    ],
    [
      "one more action after many",
      "star-resource",
      allow([..."ABCDEFGHIJKLMN"].map((it) => `x:${it}`)),
      allow([..."ABCDEFGHIJKLMNO"].map((it) => `x:${it}`)),
    ],
    [
      "one more resource",
      "broad-arn",
      allow("sns:Publish", ["arn:aws:sns:eu-west-1:111122223333:*"]),
      allow("sns:Publish", [
        "arn:aws:sns:eu-west-1:111122223333:*",
        "arn:aws:sns:us-east-1:111122223333:*",
      ]),
    ],
  ] as const) {
    it(`is ${what}`, async () => {
      expect(await afterWaiving(rule, one, other)).to.have.length(1);
    });
  }

  it("is one more escalation path", async () => {
    const stack = (...actions: string[]) => [allow(actions)];
    const [waived] = stack("iam:PutRolePolicy");
    const pack = packWith(
      "privilege-escalation",
      "escalation path iam-005 by iam:PutRolePolicy",
      waived as Resource,
    );
    await pack.analyze({ type: "x:y:Z", props: {} });

    expect((await pack.analyzeStack(stack("iam:PutRolePolicy"))).verdicts).to.deep.equal([]);
    const [finding] = messagesOf(
      (await pack.analyzeStack(stack("iam:PutRolePolicy", "iam:CreateAccessKey"))).verdicts,
    );
    expect(finding).to.equal(
      "it: escalation path iam-002 by iam:CreateAccessKey and iam-005 by iam:PutRolePolicy: it can act as another user (iam-002 by iam:CreateAccessKey); it can give itself any permission (iam-005 by iam:PutRolePolicy). Remove one of these actions, or restrict its resources.",
    );
  });

  it("is the same for the same values in another order", async () => {
    const one = allow(["sns:Subscribe", "sns:Publish"]);
    const other = allow(["sns:Publish", "sns:Subscribe", "sns:Publish"]);

    expect(await afterWaiving("star-resource", one, other)).to.deep.equal([]);
  });

  it("has the digest of all values if it cannot list them, or if the list has two readings", () => {
    const many = Array.from({ length: 13 }, (_, index) => `x:${index}`);

    expect(listed(["b", "a"])).to.equal("a and b");
    expect(listed(many.slice(0, 12))).not.to.include("#");
    expect(listed(many)).to.match(/ and 8 more \(#[0-9a-f]{20}\)$/);
    expect(listed([...many].reverse())).to.equal(listed(many));
    expect(listed([...many.slice(1), "x:13"])).not.to.equal(listed(many));
    expect(listed(["a, b", "c"])).not.to.equal(listed(["a", "b, c"]));
    expect(listed(["a and 2 more (#00000000000000000000)"])).to.match(/ \(#[0-9a-f]{20}\)$/);
  });

  describe("with a secret", () => {
    const marked: Resource = component({
      sid: "Wide",
      actions: [secret("pin 0042"), "sns:Publish"],
      resources: ["arn:aws:sns:us-east-1:111122223333:alerts"],
    });
    const shown = "grants, statement Wide: Action (secret)";

    it("has no digest, which could be guessed", async () => {
      expect(await textOf("unknown-action", marked)).to.equal(shown);
      expect(
        await textOf(
          "unknown-action",
          component({ sid: "Wide", actions: ["pin 0042"], resources: [] }),
        ),
      ).to.match(/^grants, statement Wide: Action \(redacted #[0-9a-f]{20}\)$/);
    });

    it("has none for a part of a secret document either", async () => {
      const policy = documentOf({ Sid: "A B", Effect: "Allow", Action: "pin 0042", Resource: "*" });
      const resource = { type: "aws:iam/rolePolicy:RolePolicy", props: { policy: secret(policy) } };

      expect(await textOf("unknown-action", resource)).to.equal(
        "policy, statement (secret): Action (secret)",
      );
    });

    it("shows that there is one, however long the list is", () => {
      const many = [..."abcdefghijklmn", "x on (secret)"];

      expect(listed(many)).to.match(/^x on \(secret\), a, b, c, d and 10 more \(#[0-9a-f]{20}\)$/);
    });

    it("cannot be waived by value", async () => {
      const pack = packWith("unknown-action", shown, marked);

      const found = messagesOf((await pack.analyze(marked)).verdicts);
      const unused = messagesOf((await pack.analyzeStack([marked])).verdicts);

      expect(found).to.have.length(1);
      expect(unused).to.deep.equal([
        `component: waiver of unknown-action for some:index:Component component, ${shown}: the finding has a secret value, and a waiver cannot name it. Remove the waiver, and the secret from the policy.`,
      ]);
    });
  });

  for (const [old, resource, pasted] of [
    [
      "policy, statement Wide: Resource * with sns:Publish",
      allow(["sns:Subscribe", "sns:Publish"]),
      "policy, statement Wide: Resource * with sns:Publish and sns:Subscribe",
    ],
    [
      "policy, statement Wide: Resource * with (redacted)",
      allow("SNS:Publish"),
      "policy, statement Wide: Resource * with sns:Publish",
    ],
  ] as const) {
    it(`comes with a waiver of the old form to paste: ${old}`, async () => {
      const pack = packWith("star-resource", old, resource);

      await pack.analyze(resource);
      const { verdicts } = await pack.analyzeStack([resource]);

      expect(messagesOf(verdicts)).to.deep.equal([
        `it: waiver of star-resource for aws:iam/rolePolicy:RolePolicy it, ${old}: there is no such finding now. Remove the waiver, or review and paste "finding": "${pasted}".`,
      ]);
    });
  }
});
