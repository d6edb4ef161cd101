import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ManagedPolicy } from "@pulumi/aws/types/enums/iam/index.js";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { findings, isNotApplicable, type Resource, stackFindings, unknown } from "./support.ts";

const { callbackFunctionPolicies } = loadProgram<typeof import("../data/managed-policies.ts")>(
  "policy/data/managed-policies.ts",
);

const managed = "arn:aws:iam::aws:policy/AmazonEC2FullAccess";
const basic = "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const own = "arn:aws:iam::111122223333:policy/own";

describe("aws-managed-policy", () => {
  for (const [type, props] of [
    ["aws:iam/role:Role", { managedPolicyArns: [own, managed] }],
    ["aws:iam/role:Role", { managedPolicyArns: [readOnly] }],
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: managed }],
    ["aws:iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: managed }],
    ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", { policyArn: managed }],
    ["aws:iam/policyAttachment:PolicyAttachment", { policyArn: managed }],
    [
      "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      { policyArns: [managed] },
    ],
    [
      "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
      { policyArns: [managed] },
    ],
    [
      "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
      { policyArns: [managed] },
    ],
    ["aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", { managedPolicyArn: managed }],
  ] as const) {
    it(`reports ${type} with ${JSON.stringify(props)}`, async () => {
      expect(await findings("aws-managed-policy", { type, props })).to.have.length(1);
    });
  }

  it("names resource, property, ARN, fix and setting", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [readOnly] } };

    expect(await findings("aws-managed-policy", role)).to.deep.equal([
      `it: managedPolicyArns ${readOnly}: it allows more than one program needs, and AWS adds to it. Allow the actions that the code calls in a policy of the stack, or list it under aws-managed-policy.allowed in the pack's configuration.`,
    ]);
  });

  it("lists the policies of a resource in one finding", async () => {
    const arns = [managed, "arn:aws:iam::aws:policy/AmazonS3FullAccess"];
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: arns } };

    expect(await findings("aws-managed-policy", role)).to.deep.equal([
      `it: managedPolicyArns ${managed} and ${arns[1]}: it allows full access, and AWS adds to it. Allow the actions that the code calls in a policy of the stack.`,
    ]);
  });

  it("allows a policy of the stack", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [own] } };

    expect(await findings("aws-managed-policy", role)).to.deep.equal([]);
  });

  it("allows a policy that the configuration lists", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [readOnly, basic] } };
    const settings = { allowed: [readOnly, basic] };

    expect(await findings("aws-managed-policy", role, settings)).to.deep.equal([]);
    expect(await stackFindings("aws-managed-policy", [role], settings)).to.deep.equal([]);
  });

  for (const name of ["AmazonEC2FullAccess", "AdministratorAccess", "PowerUserAccess"]) {
    it(`reports ${name} even where the configuration lists it`, async () => {
      const arn = `arn:aws:iam::aws:policy/${name}`;
      const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [arn] } };

      expect(await findings("aws-managed-policy", role, { allowed: [arn] })).to.deep.equal([
        `it: managedPolicyArns ${arn}: it allows full access, and AWS adds to it. Allow the actions that the code calls in a policy of the stack.`,
      ]);
    });
  }

  it("reports no unknown ARN before the whole stack is known", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [unknown, managed] } };

    expect(await findings("aws-managed-policy", role)).to.have.length(1);
  });

  const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

  it("allows an unknown ARN of a policy of the stack", async () => {
    const policy = { type: "aws:iam/policy:Policy", name: "own", props: { policy: "{}" } };
    const attached = {
      type: attachment,
      props: { policyArn: unknown },
      dependsOn: { policyArn: [policy] },
    };

    expect(await stackFindings("aws-managed-policy", [policy, attached])).to.deep.equal([]);
  });

  it("reports an unknown ARN of anything else, with what it depends on", async () => {
    const topic = { type: "aws:sns/topic:Topic", name: "topic", props: {} };
    const attached = {
      type: attachment,
      props: { policyArn: unknown },
      dependsOn: { policyArn: [topic] },
    };

    expect(await stackFindings("aws-managed-policy", [topic, attached])).to.deep.equal([
      "it: policyArn: it is not known before deployment (it depends on aws:sns/topic:Topic topic), so it could be an AWS managed policy. Attach a policy of this stack, or write the ARN as a literal string.",
    ]);
  });

  const attachedTo = (role: Resource, name: string, policyArn: string, urn?: string): Resource => ({
    type: attachment,
    name,
    props: { role: unknown, policyArn },
    dependsOn: { role: [role] },
    ...(urn && { urn }),
  });
  const nodes: Resource = { type: "aws:iam/role:Role", name: "nodes", props: {} };
  const ofService = (path: string) => `arn:aws:iam::aws:policy/${path}`;

  it("advises once for a role about the policies that AWS provides for its service", async () => {
    const stack = [
      nodes,
      attachedTo(nodes, "a", ofService("AmazonEKSWorkerNodePolicy")),
      attachedTo(nodes, "b", ofService("AmazonEKS_CNI_Policy")),
    ];

    expect(await findings("aws-managed-policy", stack[1] as Resource)).to.deep.equal([]);
    expect(await stackFindings("aws-managed-policy", stack)).to.deep.equal([
      "advisory: nodes: AWS managed policy arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy and arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy: AWS provides it for a service; it allows more than one program needs, and AWS adds to it. Allow the actions that the code calls in a policy of the stack, or list it under aws-managed-policy.allowed in the pack's configuration.",
    ]);
  });

  it("advises once for roles with the same policies", async () => {
    const other: Resource = { type: "aws:iam/role:Role", name: "agents", props: {} };
    const arn = ofService("AmazonEKSWorkerNodePolicy");
    const stack = [nodes, other, attachedTo(nodes, "a", arn), attachedTo(other, "b", arn)];
    const more = attachedTo(other, "c", ofService("AmazonEKS_CNI_Policy"));

    expect(await stackFindings("aws-managed-policy", stack)).to.deep.equal([
      "advisory: agents: AWS managed policy arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy of aws:iam/role:Role agents and aws:iam/role:Role nodes: AWS provides it for a service; it allows more than one program needs, and AWS adds to it. Allow the actions that the code calls in a policy of the stack, or list it under aws-managed-policy.allowed in the pack's configuration.",
    ]);
    expect(await stackFindings("aws-managed-policy", [...stack, more])).to.have.length(2);
  });

  for (const path of [
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AWSLambdaVPCAccessExecutionRole",
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "service-role/AWSCodeDeployRole",
    "AmazonEKSClusterPolicy",
    "AmazonSSMManagedInstanceCore",
  ]) {
    it(`advises about ${path}, and fails the preview if the rule is strict`, async () => {
      const attached = attachedTo(nodes, "a", ofService(path));
      const strict = { strict: true };

      expect(await findings("aws-managed-policy", attached)).to.deep.equal([]);
      expect((await stackFindings("aws-managed-policy", [nodes, attached]))[0]).to.match(
        /^advisory: nodes: /,
      );
      expect((await findings("aws-managed-policy", attached, strict))[0]).to.match(
        /^a: policyArn arn:/,
      );
      expect(await stackFindings("aws-managed-policy", [nodes, attached], strict)).to.deep.equal(
        [],
      );
    });
  }

  for (const path of [
    "service-role/AWSLambdaRole",
    "service-role/AWSGlueServiceRole",
    "service-role/AmazonPersonalizeFullAccess",
  ]) {
    it(`fails the preview for ${path}, which allows too much for any program`, async () => {
      const attached = attachedTo(nodes, "a", ofService(path));

      expect(await findings("aws-managed-policy", attached)).to.have.length(1);
      expect(await stackFindings("aws-managed-policy", [nodes, attached])).to.deep.equal([]);
    });
  }

  describe("of a CallbackFunction", () => {
    const base = "urn:pulumi:dev::shop::shop:index:Api";
    const lambda: Resource = {
      type: "aws:lambda/function:Function",
      name: "handler",
      urn: `${base}$aws:lambda/function:Function::handler`,
      props: {},
    };
    const byDefault = (arn: string) => {
      const name = `handler-${createHash("sha1").update(arn).digest("hex").slice(0, 8)}`;
      return attachedTo(nodes, name, arn, `${base}$${attachment}::${name}`);
    };
    const attached = callbackFunctionPolicies.map((it) => byDefault(ofService(it)));
    const text = (names: string) =>
      `handler: policies ${names}: CallbackFunction attaches them if neither role nor policies is set; they allow full access, and AWS adds to them. Set role of the CallbackFunction to a role that allows the actions that the code calls.`;

    it("has one finding for the nine policies that it attaches by default", async () => {
      for (const it of attached) {
        expect(await findings("aws-managed-policy", it)).to.deep.equal([]);
      }
      expect(await stackFindings("aws-managed-policy", [nodes, ...attached, lambda])).to.deep.equal(
        [
          text(
            "AWSLambda_FullAccess, AWSXrayWriteOnlyAccess, AmazonCognitoPowerUser, AmazonDynamoDBFullAccess, AmazonKinesisFullAccess, AmazonS3FullAccess, AmazonSQSFullAccess, CloudWatchEventsFullAccess and CloudWatchFullAccessV2",
          ),
        ],
      );
    });

    it("does not hide another policy, or one that the program attaches itself", async () => {
      for (const it of [
        byDefault(ofService("AdministratorAccess")),
        attachedTo(nodes, "handler-data", ofService("AmazonS3FullAccess")),
      ]) {
        expect(await findings("aws-managed-policy", it)).to.have.length(1);
      }
    });

    it("attaches what the list says, under such names", () => {
      const file = createRequire(import.meta.url).resolve("@pulumi/aws/lambda/lambdaMixins.js");
      const source = readFileSync(file, "utf8");
      const [, list = ""] =
        /if \(!args\.policies\) \{\s*const policies = \[(.*?)\]/s.exec(source) ?? [];
      const members = [...list.matchAll(/iam\.ManagedPolicy\.(\w+)/g)].map(([, it = ""]) => it);

      expect(members.map((it) => ManagedPolicy[it as keyof typeof ManagedPolicy])).to.have.members(
        callbackFunctionPolicies.map(ofService),
      );
      expect(source).to.include("new iam.RolePolicyAttachment(`${name}-${utils.sha1hash(policy)}`");
    });
  });

  it("ignores ARNs that AWS fills in because the program sets none", async () => {
    const role = {
      type: "aws:iam/role:Role",
      props: { assumeRolePolicy: "{}", managedPolicyArns: unknown },
    };

    expect(await stackFindings("aws-managed-policy", [role])).to.deep.equal([]);
  });

  it("does not apply to other resources", async () => {
    const other = { type: "aws:sns/topic:Topic", props: { policyArn: managed } };

    expect(await isNotApplicable("aws-managed-policy", other)).to.equal(true);
  });
});
