import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { loadProgram } from "../../sandbox/engine/program.ts";
import type { Rule } from "../rule.ts";
import {
  component,
  findings,
  policyFolder,
  role,
  rolePolicy,
  rules,
  startPack,
  topic,
  unknown,
  urnOf,
} from "./support.ts";

const broken = (check: Rule["check"]): Rule => ({
  name: "broken",
  description: "It fails.",
  severity: "low",
  remediationSteps: "None.",
  url: "https://example.com/",
  ...(check && { check }),
});

describe("the policy pack", () => {
  it("has every rule of the folder under its file's name", () => {
    const files = globSync("rules/*.ts", { cwd: policyFolder })
      .map((file) => basename(file, ".ts"))
      .filter((name) => name !== "index");

    expect(rules.map(({ name }) => name)).to.have.members(files);
  });

  it("is mandatory as a whole", () => {
    expect(readFileSync(join(policyFolder, "index.ts"), "utf8")).to.include(
      'serve("least-privilege-iam", version, "mandatory"',
    );
  });

  it("imports nothing of the provider", () => {
    for (const file of globSync("{*,iam/*,rules/*}.ts", { cwd: policyFolder })) {
      expect(readFileSync(join(policyFolder, file), "utf8"), file).not.to.include('"@pulumi/aws');
    }
  });

  it("makes a rule that crashes a mandatory finding with the URN, and prints no value", async () => {
    const rule = broken(() => {
      throw new TypeError("cannot read hunter2");
    });
    const resource = { type: "x:y:Z", props: {} };

    const { verdicts } = await startPack({ rules: [rule] }).analyze(resource);

    expect(verdicts.map(({ level }) => level)).to.deep.equal(["mandatory"]);
    expect(verdicts[0]?.message).to.match(
      /^it: rule broken: the rule failed on urn:pulumi:dev::test::x:y:Z::it \(TypeError at pack\.spec\.ts:\d+\), so nothing is verified\. /,
    );
    expect(verdicts[0]?.message).not.to.include("hunter2");
  });

  it("never lets a rule that reads an unknown value end as an advice", async () => {
    const rule = broken(({ props }) => [{ what: String(props.late), why: "it is", fix: "Fix it" }]);
    const resource = { type: "x:y:Z", props: { late: unknown } };

    const { verdicts } = await startPack({ rules: [rule] }).analyze(resource);

    expect(verdicts.map(({ level, urn }) => [level, urn])).to.deep.equal([
      ["mandatory", urnOf(resource)],
    ]);
  });

  it("has no rule that reads an unknown value unguarded", async () => {
    const pack = startPack();
    const everyProperty = [
      "policy",
      "inlinePolicy",
      "inlinePolicies",
      "assumeRolePolicy",
      "managedPolicyArns",
      "policyArn",
      "policyArns",
      "managedPolicyArn",
      "grants",
      "authorizationType",
      "principal",
      "action",
      "sourceArn",
      "sourceAccount",
      "principalOrgId",
      "functionUrlAuthType",
      "invokedViaFunctionUrl",
      "metadataOptions",
      "rootBlockDevice",
      "ebsBlockDevices",
      "blockDeviceMappings",
      "encrypted",
      "ingress",
      "type",
      "protocol",
      "ipProtocol",
      "fromPort",
      "toPort",
      "cidrBlocks",
      "cidrIpv4",
      "retentionInDays",
      "guardrailPolicyArns",
      "role",
      "roles",
      "user",
      "group",
      "permissionsBoundary",
      "name",
    ];
    const props = Object.fromEntries(everyProperty.map((it) => [it, unknown]));
    const { types } = loadProgram<typeof import("../data/resource-types.ts")>(
      "policy/data/resource-types.ts",
    );
    const tokens = [
      ...Object.values(types),
      "x:y:Z",
      "aws:sns/topic:Topic",
      "aws:iam/rolePolicy:RolePolicy",
    ];
    const resources = tokens.map((type) => ({ type, name: "it", props }));

    const verdicts = [...(await pack.analyzeStack(resources)).verdicts];
    for (const resource of resources) verdicts.push(...(await pack.analyze(resource)).verdicts);

    expect(
      verdicts.filter(({ message }) => /the rule failed|can't run/.test(message)),
    ).to.deep.equal([]);
    expect(verdicts.length).to.be.greaterThan(5);
  });

  it("redacts values in a format that policies do not have", async () => {
    const secret = "hunter2 hunter2";
    const statement = {
      Sid: secret,
      Effect: "Allow",
      Action: [secret, "sns:*"],
      Resource: [secret, "*"],
      Principal: { AWS: secret, Service: secret, [secret]: secret },
      Condition: {
        StringLike: { "aws:userid": [secret, "*"], [secret]: secret },
        IpAddress: { "aws:SourceIp": secret },
        ArnLike: { "aws:SourceArn": [secret, `${secret}:*`] },
      },
    };
    const pack = startPack();

    const resources = [
      rolePolicy(statement),
      topic(statement),
      role(statement, { managedPolicyArns: [secret], inlinePolicies: [{ policy: secret }] }),
      component({
        sid: secret,
        actions: [secret],
        resources: [secret],
        conditions: { [secret]: {} },
      }),
      { type: "aws:lambda/permission:Permission", props: { principal: secret, action: secret } },
      { type: "aws:lambda/functionUrl:FunctionUrl", props: { authorizationType: secret } },
      {
        type: "aws:ec2/securityGroup:SecurityGroup",
        props: { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: [secret] }] },
      },
    ];
    const verdicts = [...(await pack.analyzeStack(resources)).verdicts];
    for (const resource of resources) verdicts.push(...(await pack.analyze(resource)).verdicts);

    expect(verdicts.length).to.be.greaterThan(10);
    for (const { message, rule } of verdicts) expect(message, rule).not.to.include("hunter2");
  });

  it("fails on no document, however odd", async () => {
    const pack = startPack();
    const odd = fc.anything({
      key: fc.constantFrom(
        ...["Statement", "Effect", "Action", "Resource", "Principal", "Condition", "StringLike"],
        ...["aws:userid", "sid", "actions", "resources", "conditions", "policy", "toString", "AWS"],
      ),
      values: [
        fc.constantFrom("*", "Allow", "sns:Publish", "arn:aws:sns:*", "${aws:userid}", unknown),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
      ],
      maxDepth: 4,
    });
    const properties = ["policy", "assumeRolePolicy", "inlinePolicies", "grants", "principal"];
    const others = ["ingress", "metadataOptions", "blockDeviceMappings", "retentionInDays", "name"];
    const { types } = loadProgram<typeof import("../data/resource-types.ts")>(
      "policy/data/resource-types.ts",
    );
    const tokens = [...Object.values(types), "x:y:Z", "aws:sns/topic:Topic"];

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tokens), odd, odd, async (type, one, other) => {
        const props = Object.fromEntries([
          ...properties.map((it) => [it, one]),
          ...others.map((it) => [it, other]),
        ]);
        // As JSON, which is all that the engine sends.
        const resource = { type, props: JSON.parse(JSON.stringify(props)) };

        const verdicts = [
          ...(await pack.analyze(resource)).verdicts,
          ...(await pack.analyzeStack([resource])).verdicts,
        ];

        const failed = verdicts
          .map(({ message }) => message)
          .filter((it) => /failed|can't run/.test(it));
        expect(failed).to.deep.equal([]);
      }),
      { numRuns: 500 },
    );
  });

  it("is not confused by names that every object has", async () => {
    const pack = startPack();
    const names = ["constructor", "__proto__", "toString", "hasOwnProperty"];
    const statement = {
      Effect: "Allow",
      Action: names.flatMap((it) => [`${it}:x`, `s3:${it}`]),
      Resource: "*",
      Principal: { Service: names },
      Condition: { StringEquals: { "constructor:x": "y" } },
    };
    const resources = [
      rolePolicy(statement),
      role(statement),
      topic(statement),
      ...names.map((type) => ({ type, props: { policy: "{}" } })),
    ];

    const verdicts = [...(await pack.analyzeStack(resources)).verdicts];
    for (const resource of resources) verdicts.push(...(await pack.analyze(resource)).verdicts);

    expect(verdicts.filter(({ message }) => message.includes("the rule failed"))).to.deep.equal([]);
  });

  it("uses a rule's list in the configuration", async () => {
    const arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    const resource = { type: "aws:iam/role:Role", props: { managedPolicyArns: [arn] } };

    expect(await findings("aws-managed-policy", resource, { allowed: [arn] })).to.deep.equal([]);
    expect(await findings("aws-managed-policy", resource)).to.have.length(1);
  });
});
