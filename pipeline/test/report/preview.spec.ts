import { expect } from "chai";
import {
  after,
  before,
  changed,
  drifted,
  failure,
  found,
  logOf,
  policy,
  previewOf,
  refreshed,
  same,
  state,
  summary,
  unknown,
  urnOf,
} from "./logs.ts";

const bucket = { type: "aws:s3/bucket:Bucket", name: "logs" };
const create = { ...bucket, op: "create", new: state({ acl: "private" }) };

describe("readPreview", () => {
  it("has each resource that changes, with the names of its properties, once", () => {
    const { steps, problems } = previewOf(changed);

    expect(problems).to.deep.equal([]);
    expect(
      steps.map((it) => [it.operation, it.type, it.name, it.changed, it.changedToUnknown]),
    ).to.deep.equal([
      ["update", "reboot-automation:index:Notifications", "notifications", ["emailAddresses"], []],
      ["create", "aws:sns:TopicSubscription", "notifications-bea@b.co", [], []],
      ["replace", "aws:ec2:Instance", "web-server", ["instanceType", "userData"], ["subnetId"]],
      ["delete", "aws:sns:TopicSubscription", "notifications-ada@b.co", [], []],
    ]);
  });

  it("has neither steps nor problems where all stays the same", () => {
    expect(previewOf(same)).to.deep.equal({
      steps: [],
      findings: [],
      errors: [],
      problems: [],
      isFailed: false,
    });
  });

  it("has each finding with its level, rule, resource and every line of its message", () => {
    const { findings, errors, isFailed } = previewOf(found);

    expect({ errors, isFailed }).to.deep.equal({ errors: ["preview failed\n"], isFailed: true });
    expect(findings).to.deep.equal([
      {
        isMandatory: true,
        rule: "unused-grant",
        resource: "aws:iam:Role reboot-role",
        message:
          "reboot-role: statement Reboot: ec2:StopInstances on *: nothing uses it. Remove it.",
      },
      {
        isMandatory: false,
        rule: "waivers",
        resource: "aws:iam:Role other-role",
        message: "it ends soon.",
      },
      {
        isMandatory: true,
        rule: "missing-grant",
        resource: "aws:iam:Role reboot-role",
        message: 'reboot-role: sns:Publish is not granted. Add\n{\n  "Action": "sns:Publish"\n}',
      },
    ]);
  });

  it("treats a finding of an unknown level as mandatory", () => {
    const { findings } = previewOf(logOf([policy("fatal", "rule", "no")], {}));

    expect(findings.map((it) => it.isMandatory)).to.deep.equal([true]);
  });

  it("has what a refresh found", () => {
    const { steps, problems } = previewOf(drifted);

    expect(problems).to.deep.equal([]);
    expect(
      steps.map(({ operation, name, changed: names }) => [operation, name, names]),
    ).to.deep.equal([
      ["update", "web-server-security-group", ["ingress"]],
      ["delete", "reboot-dead-letters", []],
    ]);
  });

  it("treats text in values as text, whatever it looks like", () => {
    const text = [
      "    --outputs:--",
      "Resources:",
      "    40 unchanged",
      "    - aws:s3/bucket:Bucket: (delete)",
      "        [urn=urn:pulumi:dev::p::aws:s3/bucket:Bucket::other]",
      '{"cancelEvent":{}}',
    ].join("\n");
    const log = logOf(
      [
        before({ ...create, new: state({ description: text }) }),
        before({ ...bucket, name: "gone", op: "delete", old: state({ description: text }) }),
      ],
      { create: 1, delete: 1 },
    );

    const { steps, problems } = previewOf(log);

    expect(problems).to.deep.equal([]);
    expect(steps.map(({ operation, name }) => [operation, name])).to.deep.equal([
      ["create", "logs"],
      ["delete", "gone"],
    ]);
  });

  it("has a name with :: whole, and a type without the types of its parents", () => {
    const log = logOf([before({ ...create, name: "a::aws:s3/bucket:Bucket::b" })], { create: 1 });

    expect(previewOf(log).steps.map(({ type, name }) => [type, name])).to.deep.equal([
      ["aws:s3:Bucket", "a::aws:s3/bucket:Bucket::b"],
    ]);
  });

  it("has both steps of one resource, and says that the summary has one", () => {
    const { steps, problems } = previewOf(logOf([before(create), before(create)], { create: 1 }));

    expect(steps).to.have.length(2);
    expect(problems).to.deep.equal([
      "the engine's summary has 1 to create, but its events have 2 to create",
    ]);
  });

  it("says that the summary has more than the events", () => {
    const { problems } = previewOf(logOf([before(create)], { create: 2, delete: 1, same: 4 }));

    expect(problems).to.deep.equal([
      "the engine's summary has 1 to delete, 2 to create, but its events have 1 to create",
    ]);
  });

  it("says that the events have changes and the summary none", () => {
    expect(previewOf(logOf([before(create)], { same: 3 })).problems).to.deep.equal([
      "the engine's summary has no changes, but its events have 1 to create",
    ]);
  });

  for (const [what, log] of [
    ["no event", ""],
    ["no summary", `${JSON.stringify(before(create))}\n`],
    ["no end", `${JSON.stringify(summary({}))}\n`],
  ] as const) {
    it(`says that a log with ${what} is not complete`, () => {
      expect(previewOf(log).problems).to.deep.equal([
        "the engine's events end before the engine did",
      ]);
    });
  }

  it("keeps what it read before a line that it does not understand", () => {
    const { steps, problems } = previewOf(`${JSON.stringify(before(create))}\n[]\n`);

    expect(steps).to.have.length(1);
    expect(problems).to.deep.equal(["is not an object"]);
  });

  it("leaves out the parts of a replacement, but not a part without it", () => {
    const parts = [
      before({ ...bucket, op: "create-replacement", new: state({}), logical: false }),
      before({ ...bucket, op: "delete-replaced", old: state({}), logical: false }),
    ];
    const whole = before({ ...bucket, op: "replace", old: state({}), new: state({}) });
    const operations = (log: string) => previewOf(log).steps.map(({ operation }) => operation);

    expect(operations(logOf([...parts, whole], { replace: 1 }))).to.deep.equal(["replace"]);
    expect(operations(logOf(parts, {}))).to.deep.equal(["create-replacement", "delete-replaced"]);
  });

  const ofProgram = state({}, { parent: urnOf("pulumi:pulumi:Stack", "reboot-automation-dev") });

  it("leaves out a provider that Pulumi adds by itself, and no other", () => {
    const provider = { type: "pulumi:providers:aws", op: "create", new: state({}) };
    const log = logOf(
      [
        before({ ...provider, name: "default_7_48_0" }),
        before({ ...provider, name: "eu", new: ofProgram }),
        before({ ...create, name: "default_1" }),
      ],
      { create: 2 },
    );

    expect(previewOf(log).problems).to.deep.equal([]);
    expect(previewOf(log).steps.map(({ name }) => name)).to.deep.equal(["eu", "default_1"]);
  });

  it("has a provider of the program that is named as Pulumi names its own, which the engine does not count", () => {
    const provider = { type: "pulumi:providers:aws", new: ofProgram };
    const log = logOf(
      [
        before({ ...provider, op: "create", name: "default_7_48_1" }),
        before({ ...provider, op: "update", name: "default-eu", old: ofProgram }),
        before({ ...provider, op: "delete", name: "default", old: ofProgram, new: null }),
      ],
      {},
    );

    expect(previewOf(log).problems).to.deep.equal([]);
    expect(previewOf(log).steps.map(({ operation, name }) => [operation, name])).to.deep.equal([
      ["create", "default_7_48_1"],
      ["update", "default-eu"],
      ["delete", "default"],
    ]);
  });

  it("has a resource that only loses its protection, and one that gets another provider", () => {
    const log = logOf(
      [
        before({
          ...bucket,
          op: "same",
          old: state({}, { protect: true }),
          new: state({}, { protect: false }),
        }),
        before({
          ...bucket,
          name: "other",
          op: "update",
          old: state({}, { provider: "aws::a" }),
          new: state({}, { provider: "aws::b" }),
        }),
      ],
      { same: 1, update: 1 },
    );

    expect(previewOf(log).problems).to.deep.equal([]);
    expect(
      previewOf(log).steps.map(({ operation, changed: names, lines }) => [operation, names, lines]),
    ).to.deep.equal([
      ["unprotect", [], []],
      ["update", ["[provider]"], ['!  "[provider]": "aws::a" => "aws::b"']],
    ]);
  });

  it("compares with what the provider knows where the program's value stays", () => {
    const log = logOf(
      [
        before({
          ...bucket,
          op: "update",
          old: state({ acl: "private", tag: "x" }, { outputs: { acl: "public", tag: "y" } }),
          new: state({ acl: "private", tag: "x" }),
          detailedDiff: { acl: { diffKind: "update", inputDiff: false } },
        }),
      ],
      { update: 1 },
    );

    expect(previewOf(log).steps.map((it) => [it.changed, it.lines])).to.deep.equal([
      [["acl"], ['!  acl: "public" => "private"', '   tag: "x"']],
    ]);
  });

  it("has a property that becomes unknown apart, and one in which something does not", () => {
    const log = logOf(
      [
        before({
          ...bucket,
          op: "update",
          old: state({ arn: "a", rules: [{ arn: "a" }] }),
          new: state({ arn: unknown, rules: [{ arn: unknown }] }),
        }),
      ],
      { update: 1 },
    );

    expect(previewOf(log).steps.map((it) => [it.changed, it.changedToUnknown])).to.deep.equal([
      [["rules"], ["arn"]],
    ]);
  });

  it("does not count what a step reports after it", () => {
    const log = logOf([before(create), after(create), after(create)], { create: 1 });

    expect(previewOf(log).steps).to.have.length(1);
  });

  it("has errors of the engine", () => {
    const log = logOf([failure("Error: no such file\n")], {}, "failed");

    expect(previewOf(log).errors).to.deep.equal(["Error: no such file\n"]);
  });

  it("has one step of a resource that is refreshed and then changed", () => {
    const log = logOf(
      [
        ...refreshed({ ...bucket, op: "same", old: state({}), new: state({}) }),
        before({ ...bucket, op: "update", old: state({ a: 1 }), new: state({ a: 2 }) }),
        after({ ...bucket, op: "update", old: state({ a: 1 }), new: state({ a: 2 }) }),
      ],
      { update: 1 },
    );

    expect(previewOf(log).problems).to.deep.equal([]);
    expect(previewOf(log).steps).to.have.length(1);
  });
});
