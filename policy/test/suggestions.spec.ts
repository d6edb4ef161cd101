import { expect } from "chai";
import fc from "fast-check";
import type { Rule } from "../rule.ts";
import {
  account,
  environment,
  role as functionRole,
  lambda,
  ownLog,
  policy,
} from "./function-stack.ts";
import {
  documentOf,
  findings,
  messagesOf,
  type Resource,
  role,
  rolePolicy,
  rules,
  startPack,
  topic,
} from "./support.ts";

/** What a rule suggests: the statements after "Instead:". */
function suggestionsIn(messages: readonly string[]): object[] {
  return messages.flatMap((it) => {
    const [, text] = it.split(" Instead: ");
    return text === undefined ? [] : (JSON.parse(`[${text}]`) as object[]);
  });
}

const arns = [
  "*",
  "arn:aws:s3:::incoming",
  "arn:aws:s3:::incoming/*",
  `arn:aws:sns:us-east-1:${account}:alerts`,
  `arn:aws:sqs:us-east-1:${account}:orders`,
  `arn:aws:ec2:us-east-1:${account}:instance/i-0123456789abcdef0`,
  `arn:aws:ec2:*:*:instance/*`,
  `arn:aws:dynamodb:us-east-1:${account}:table/orders`,
  `arn:aws:iam::${account}:role/worker`,
];
const actions = [
  "*",
  "s3:*",
  "s3:GetObject",
  "s3:GetObjet",
  "s3:ListBucket",
  "s3:ListAllMyBuckets",
  "sns:Publish",
  "sns:*",
  "sqs:*Message",
  "sqs:SendMessages",
  "ec2:Reboot*",
  "ec2:DescribeInstances",
  "ec2:RunInstances",
  "dynamodb:*Item",
  "kms:ReEncrypt*",
  "iam:PassRole",
  "iam:*",
  "sts:*",
  "sts:AssumeRole",
  "nosuchservice:Do",
];
const conditions = [
  undefined,
  { StringLike: { "aws:SourceArn": "*" } },
  { Bool: { "aws:SecureTransport": "true" } },
  { StringEquals: { "aws:ResourceTag/Owner": "web" } },
  { StringEqualz: { "aws:Nothing": "x" } },
];
const principals = [
  { Service: "lambda.amazonaws.com" },
  { Service: "scheduler.amazonaws.com" },
  { Service: "pods.eks.amazonaws.com" },
  { AWS: `arn:aws:iam::${account}:root` },
  { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` },
  "*",
];
const some = <T>(from: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...from), { minLength: 1, maxLength: 3 });
const statement = fc.record({
  Sid: fc.constantFrom("Some", undefined),
  Effect: fc.constant("Allow"),
  Action: some(actions),
  Resource: some(arns),
  Condition: fc.constantFrom(...conditions),
});

/** A resource with one statement: of an identity, of a role's trust, or of a topic. */
const resource = fc.oneof(
  statement.map(rolePolicy),
  fc
    .tuple(statement, fc.constantFrom(...principals))
    .map(([{ Resource: _, ...it }, Principal]) => role({ ...it, Principal })),
  fc
    .tuple(statement, fc.constantFrom(...principals))
    .map(([it, Principal]) => topic({ ...it, Principal })),
);

describe("a statement that a finding suggests", () => {
  const { analyze, analyzeStack } = startPack();
  /** The mandatory findings about the statements of one finding. */
  const failuresOf = async (...all: readonly object[]) => {
    const { Principal, Resource } = (all[0] ?? {}) as Record<string, unknown>;
    const document = documentOf(...all);
    const holder = Principal
      ? Resource
        ? { type: "aws:sns/topic:Topic", props: { policy: document } }
        : { type: "aws:iam/role:Role", props: { assumeRolePolicy: document } }
      : { type: "aws:iam/rolePolicy:RolePolicy", props: { policy: document } };
    return (await analyze(holder)).verdicts.filter(({ level }) => level === "mandatory");
  };

  it("passes every rule of the pack, whatever the statement was", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(resource, async (it) => {
        const { verdicts } = await analyze(it);
        for (const { rule, message } of verdicts) {
          const suggested = suggestionsIn([message]);
          if (suggested.length > 0) seen.add(rule);
          expect(await failuresOf(...suggested), JSON.stringify(suggested)).to.deep.equal([]);
        }
      }),
      { numRuns: 300, seed: 57 },
    );

    expect([...seen]).to.include.members([
      "resource-type-mismatch",
      "star-action",
      "unknown-action",
    ]);
  });

  it("passes every rule of the pack where a role is compared with its function", async () => {
    const bucket: Resource = {
      type: "aws:s3/bucket:Bucket",
      name: "incoming",
      props: { bucket: "incoming", arn: "arn:aws:s3:::incoming" },
    };
    const code = (command: string) => `
      import { ${command}, S3Client } from "@aws-sdk/client-s3";
      export const handler = () =>
        new S3Client({}).send(new ${command}({ Bucket: process.env.BUCKET, Key: "a" }));
    `;
    const seen = new Set<string>();
    for (const command of ["GetObjectCommand", "ListObjectsV2Command", "PutObjectCommand"]) {
      const worker = lambda({
        code: code(command),
        ...environment({ BUCKET: "incoming" }, bucket),
      });
      const known = {
        ...worker,
        props: { ...worker.props, arn: `arn:aws:lambda:us-east-1:${account}:function:worker` },
      };
      const wide = {
        Sid: "Wide",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resource: "arn:aws:s3:::incoming/*",
      };
      for (const statements of [[], [ownLog], [wide, ownLog]]) {
        const stack = [functionRole, bucket, known, policy(...statements)];
        for (const { rule, message } of (await analyzeStack(stack)).verdicts) {
          const suggested = suggestionsIn([message]);
          if (suggested.length > 0) seen.add(rule);
          expect(await failuresOf(...suggested), JSON.stringify(suggested)).to.deep.equal([]);
        }
      }
    }

    expect([...seen].sort()).to.deep.equal(["missing-grant", "unused-grant"]);
  });

  it("passes every rule of the pack for each kind of defect", async () => {
    const sns = `arn:aws:sns:us-east-1:${account}:alerts`;
    for (const [rule, it] of [
      ["star-resource", { Action: "sns:Publish", Resource: [sns, "*"] }],
      [
        "vacuous-condition",
        {
          Action: "sns:Publish",
          Resource: sns,
          Condition: { StringLike: { "aws:PrincipalArn": "*" } },
        },
      ],
    ] as const) {
      const { verdicts } = await analyze(rolePolicy({ Effect: "Allow", ...it }));
      const suggested = suggestionsIn(messagesOf(verdicts.filter((one) => one.rule === rule)));

      expect(suggested, rule).not.to.be.empty;
      expect(await failuresOf(...suggested), rule).to.deep.equal([]);
    }
  });

  it("is left out if another rule would reject it", async () => {
    const wide = rolePolicy({ Effect: "Allow", Action: "sqs:*Message", Resource: "*" });
    const only = await findings("star-action", wide);
    const [all] = messagesOf((await analyze(wide)).verdicts).filter((it) =>
      it.includes("Action sqs"),
    );

    expect(suggestionsIn(only)).to.have.length(1);
    expect(suggestionsIn([all ?? ""])).to.have.length(0);
    expect(rules.length).to.be.greaterThan(1);
  });

  it("is not left out because of a rule that the configuration disables", async () => {
    const wide = rolePolicy({ Effect: "Allow", Action: "sqs:*Message", Resource: "*" });
    const without = startPack({ disabled: ["star-resource"] });
    const [finding = ""] = messagesOf((await without.analyze(wide)).verdicts);

    expect(suggestionsIn([finding])).to.deep.equal([
      {
        Effect: "Allow",
        Action: ["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"],
        Resource: ["*"],
      },
    ]);
  });

  it("is left out if another rule would reject it together with those of the same finding", async () => {
    const about = { description: "", severity: "low", remediationSteps: "", url: "" } as const;
    const replacementOf = (Action: string) => ({ Effect: "Allow", Action, Resource: "*" });
    const suggesting: Rule = {
      ...about,
      name: "suggesting",
      *check({ name }) {
        if (name === "it") return;
        for (const action of ["sns:ListTopics", "sqs:ListQueues"]) {
          yield {
            what: name === "together" ? "policy" : `policy, ${action}:`,
            values: [action],
            why: "it is too wide",
            fix: "List it",
            replacement: [replacementOf(action)],
          };
        }
      },
    };
    const oneStatement: Rule = {
      ...about,
      name: "one-statement",
      *check({ props, name }) {
        const { Statement = [] } = JSON.parse(props.policy ?? "{}");
        if (name === "it" && Statement.length > 1) yield { what: "two", why: "no", fix: "none" };
      },
    };
    const { analyze: analyzeWith } = startPack({ rules: [suggesting, oneStatement] });
    const found = async (name: string) =>
      messagesOf(
        (await analyzeWith({ type: "aws:iam/rolePolicy:RolePolicy", name, props: {} })).verdicts,
      );

    expect((await found("apart")).map((it) => suggestionsIn([it]).length)).to.deep.equal([1, 1]);
    expect(await found("together")).to.deep.equal([
      "together: policy sns:ListTopics and sqs:ListQueues: it is too wide. List it.",
    ]);
  });
});
