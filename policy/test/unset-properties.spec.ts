import { specialArchiveSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { expect } from "chai";
import { awsOutputs } from "../../sandbox/aws/provider/aws-outputs.ts";
import type { Values } from "../../sandbox/engine/values.ts";
import {
  account,
  allow,
  environment,
  lambda,
  ownLog,
  policy,
  role,
  topic,
  topicArn,
} from "./function-stack.ts";
import {
  component,
  documentOf,
  findings,
  type Resource,
  rules,
  stackFindings,
  startPack,
  texts,
  unknown,
} from "./support.ts";

/** The state of a provider has an empty value for each property that the program does not set. */
const empty: readonly (readonly [string, unknown])[] = [
  ["an empty string", ""],
  ["null", null],
];

const trustOf = (service: string) =>
  documentOf({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } });

describe("a property that the provider's state has and the program does not set", () => {
  for (const type of [
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:secretsmanager/secret:Secret",
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
  ]) {
    for (const [what, value] of empty) {
      it(`is no policy document of ${type} as ${what}`, async () => {
        const resource = { type, props: { policy: value } };

        expect(await stackFindings("unknown-document", [resource])).to.deep.equal([]);
      });
    }
  }

  it("is a document that cannot be read as any other string", async () => {
    const queue = { type: "aws:sqs/queue:Queue", props: { policy: " " } };

    expect(await stackFindings("unknown-document", [queue])).to.deep.equal([
      "it: policy: it cannot be read: it is not JSON. Write an IAM policy document.",
    ]);
  });

  describe("of a role", () => {
    for (const [what, inlinePolicies] of [
      ["an empty list", []],
      ["null", null],
      ["an empty block", [{}]],
      ["a block of empty strings", [{ name: "", policy: "" }]],
      ["a block of nulls", [{ name: null, policy: null }]],
    ] as const) {
      it(`is no inline policy as ${what}`, async () => {
        const trust = { assumeRolePolicy: trustOf("lambda.amazonaws.com") };
        const props = { ...trust, inlinePolicies, managedPolicyArns: [] };
        const it = { type: "aws:iam/role:Role", props: { ...props, permissionsBoundary: "" } };

        expect(await stackFindings("unknown-document", [it])).to.deep.equal([]);
      });
    }
  });

  describe("of a function", () => {
    const alerts = topic("alerts");
    const wide = allow("Tell", ["sns:Publish", "sns:Subscribe"], topicArn("alerts"));
    const unused = `role: statement Tell: sns:Subscribe on aws:sns/topic:Topic alerts: neither the code of worker nor its configuration uses it. Take it away. Instead: {"Sid":"Tell","Effect":"Allow","Action":["sns:Publish"],"Resource":["${topicArn("alerts")}"]}`;
    const stack = (props: Record<string, unknown>, ...others: Resource[]) => {
      const variables = environment({ TOPIC_ARN: topicArn("alerts") }, alerts);
      const worker = lambda({ ...variables, props: { ...variables.props, ...props } });
      return [role, alerts, worker, policy(wide, ownLog), ...others];
    };
    const emptyEverywhere: readonly (readonly [string, unknown])[] = [
      ["imageUri", ""],
      ["imageUri", null],
      ["s3Bucket", ""],
      ["s3Bucket", null],
      ["s3Key", ""],
      ["s3Key", null],
      ["layers", []],
      ["layers", null],
      ["kmsKeyArn", ""],
      ["kmsKeyArn", null],
      ["vpcConfig", null],
      ["vpcConfig", {}],
      [
        "vpcConfig",
        { ipv6AllowedForDualStack: false, securityGroupIds: [], subnetIds: [], vpcId: "" },
      ],
      ["fileSystemConfig", null],
      ["fileSystemConfig", { arn: "", localMountPath: "" }],
      ["deadLetterConfig", null],
      ["deadLetterConfig", { targetArn: "" }],
      ["tracingConfig", null],
      ["tracingConfig", { mode: "PassThrough" }],
      ["loggingConfig", null],
      ["loggingConfig", { applicationLogLevel: "", logFormat: "Text", logGroup: "" }],
    ];
    for (const [property, value] of emptyEverywhere) {
      it(`hides no code and demands no grant: ${property} ${JSON.stringify(value)}`, async () => {
        const resources = stack({ [property]: value });

        expect(await stackFindings("unused-grant", resources)).to.deep.equal([unused]);
        expect(await stackFindings("missing-grant", resources)).to.deep.equal([]);
      });
    }

    const belonging = (type: string, props: Record<string, unknown>): Resource => ({
      type,
      name: "belonging",
      props: { functionName: "worker", ...props },
    });
    const mapping = "aws:lambda/eventSourceMapping:EventSourceMapping";
    const invokeConfig = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
    for (const [type, props] of [
      [mapping, { eventSourceArn: "", sourceAccessConfigurations: [] }],
      [mapping, { eventSourceArn: null, sourceAccessConfigurations: null }],
      [mapping, { destinationConfig: null, kmsKeyArn: "" }],
      [mapping, { destinationConfig: { onFailure: { destinationArn: "" } } }],
      [invokeConfig, { destinationConfig: null }],
      [invokeConfig, { destinationConfig: { onFailure: null, onSuccess: null } }],
      [invokeConfig, { destinationConfig: { onFailure: { destination: "" } } }],
    ] as const) {
      it(`demands no grant for ${type.split(":").pop()} ${JSON.stringify(props)}`, async () => {
        const resources = stack({}, belonging(type, props));

        expect(await stackFindings("missing-grant", resources)).to.deep.equal([]);
      });
    }

    it("demands the grant of the destination that is set, beside one that is not", async () => {
      const destinationConfig = {
        onFailure: { destination: "", destinationArn: topicArn("alerts") },
        onSuccess: null,
      };
      const alone = [role, alerts, lambda(), policy(ownLog)];

      expect(
        await stackFindings("missing-grant", [...alone, belonging(mapping, { destinationConfig })]),
      ).to.include(
        `role: sns:Publish on aws:sns/topic:Topic alerts: belonging keeps calls there (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html), and the role does not allow it. Grant sns:Publish on aws:sns/topic:Topic alerts.`,
      );
    });

    it("does not hide the grants of a function with all outputs of a real state", async () => {
      const resources = stack({}, belonging(mapping, {})).map((it) => ({
        ...it,
        props: awsOutputs(it.type, "us-east-1").complete({
          ...(it === role && { assumeRolePolicy: trustOf("lambda.amazonaws.com") }),
          ...(it.props as Values),
        }),
      }));

      expect(await stackFindings("unused-grant", resources)).to.deep.equal([unused]);
      for (const { name } of rules.filter((it) => it.checkStack && it.name !== "unused-grant")) {
        expect(await stackFindings(name, resources), name).to.deep.equal([]);
      }
    });
  });

  it("is no ARN: a resource is found by its name", async () => {
    const orders = { type: "aws:dynamodb/table:Table", props: { arn: "", name: "orders" } };
    const arn = `arn:aws:dynamodb:us-east-1:${account}:table/orders`;

    expect(
      await stackFindings("foreign-arn", [orders, policy(allow("Read", "dynamodb:GetItem", arn))]),
    ).to.deep.equal([]);
  });

  describe("of a Lambda permission", () => {
    const permission = (props: Record<string, unknown>): Resource => ({
      type: "aws:lambda/permission:Permission",
      props: { action: "lambda:InvokeFunction", principal: "sns.amazonaws.com", ...props },
    });

    for (const [what, sourceArn] of empty) {
      it(`is no source of another stack as ${what}`, async () => {
        const resources = [permission({ sourceArn })];

        expect(await stackFindings("foreign-permission", resources)).to.deep.equal([]);
      });

      it(`names no source as ${what}`, async () => {
        const sourceAccount = sourceArn;

        expect(
          await findings("confused-deputy", permission({ sourceArn, sourceAccount })),
        ).to.have.length(1);
      });
    }

    it("does not narrow it as invokedViaFunctionUrl false, or an empty functionUrlAuthType", async () => {
      const open = { principal: "*", invokedViaFunctionUrl: false, functionUrlAuthType: "" };

      expect(await findings("public-resource-policy", permission(open))).to.deep.equal([
        "it: permission, statement number 1: Principal * with lambda:InvokeFunction: everybody may use the resource, and no condition says who. Name the principals, or add a condition such as aws:SourceAccount.",
      ]);
      expect(await findings("vacuous-condition", permission(open))).to.deep.equal([]);
    });
  });

  describe("of an instance", () => {
    const instance = (props: Record<string, unknown>): Resource => ({
      type: "aws:ec2/instance:Instance",
      props,
    });
    const template = { launchTemplate: { id: unknown } };

    for (const [what, launchTemplate] of [
      ["null", null],
      ["a block of empty strings", { id: "", name: "", version: "" }],
    ] as const) {
      it(`is no launch template as ${what}`, async () => {
        expect(await findings("imds-v2", instance({ launchTemplate }))).to.have.length(1);
        expect(await findings("encrypted-volume", instance({ launchTemplate }))).to.have.length(1);
      });
    }

    it("leaves the disk and the metadata service to the template as null", async () => {
      const props = { ...template, metadataOptions: null, rootBlockDevice: null };

      expect(await findings("imds-v2", instance(props))).to.deep.equal([]);
      expect(await findings("encrypted-volume", instance(props))).to.deep.equal([]);
    });

    it("is not a boolean: encrypted false overrides the template", async () => {
      const props = { ...template, rootBlockDevice: { encrypted: false } };

      expect(await findings("encrypted-volume", instance(props))).to.deep.equal([
        "it: rootBlockDevice.encrypted: it is not set, so the disk is plain. Set it to true.",
      ]);
    });

    it("does not make a template's disk one without a device", async () => {
      const blockDeviceMappings = [{ noDevice: "", virtualName: "", ebs: { encrypted: "false" } }];
      const launchTemplate = {
        type: "aws:ec2/launchTemplate:LaunchTemplate",
        props: { blockDeviceMappings },
      };

      expect(await findings("encrypted-volume", launchTemplate)).to.have.length(1);
    });
  });

  it("is no range of a security group's rule as an empty string, and any protocol", async () => {
    const rule = (props: Record<string, unknown>): Resource => ({
      type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      props: { fromPort: 22, toPort: 22, ipProtocol: "tcp", ...props },
    });
    const narrow = { cidrIpv4: "", cidrIpv6: "2001:db8::/32" };

    expect(await findings("open-ssh", rule(narrow))).to.deep.equal([]);
    expect(
      await findings("open-ssh", rule({ cidrIpv4: "0.0.0.0/0", ipProtocol: "" })),
    ).to.have.length(1);
  });
});

describe("the inline policies of a role that AWS fills in, as after a refresh", () => {
  const read = allow(
    "Read",
    "dynamodb:GetItem",
    `arn:aws:dynamodb:us-east-1:${account}:table/orders`,
  );
  const publish = allow("Tell", "sns:Publish", topicArn("alerts"));
  const granting = component({
    sid: "Tell",
    actions: ["sns:Publish"],
    resources: [topicArn("alerts")],
  });
  const policyNamed = (name: string, statement: object, parent?: Resource): Resource => ({
    type: "aws:iam/rolePolicy:RolePolicy",
    name,
    props: { name, role: "worker", policy: documentOf(statement) },
    ...(parent && { parent }),
  });
  const roleWith = (...inline: (readonly [string, object])[]): Resource => ({
    type: "aws:iam/role:Role",
    name: "role",
    parent: granting,
    props: {
      name: "worker",
      assumeRolePolicy: trustOf("lambda.amazonaws.com"),
      inlinePolicies: inline.map(([name, it]) => ({ name, policy: documentOf(it) })),
    },
  });

  it("are judged once, as the policies of the stack that made them", async () => {
    const resources = [
      granting,
      roleWith(["own", publish], ["other", read]),
      policyNamed("own", publish, granting),
      policyNamed("other", read),
    ];

    expect(await stackFindings("unknown-document", resources)).to.deep.equal([]);
    expect(await stackFindings("redundant-grant", resources)).to.deep.equal([]);
  });

  it("are read if only another role has a policy of that name", async () => {
    const unreadable = {
      type: "aws:iam/role:Role",
      name: "role",
      props: {
        name: "worker",
        assumeRolePolicy: trustOf("lambda.amazonaws.com"),
        inlinePolicies: [{ name: "own", policy: "no JSON" }],
      },
    };
    const policyOf = (role: string) => ({
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "own",
      props: { name: "own", role, policy: documentOf(publish) },
    });

    expect(await stackFindings("unknown-document", [unreadable, policyOf("worker")])).to.deep.equal(
      [],
    );
    expect(await stackFindings("unknown-document", [unreadable, policyOf("other")])).to.have.length(
      1,
    );
  });

  it("are judged by the grants of the role's component if nothing in the stack made them", async () => {
    const resources = [
      granting,
      roleWith(["own", publish], ["by-somebody", read]),
      policyNamed("own", publish, granting),
      { type: "aws:sqs/queue:Queue", props: { name: "by-somebody" } },
    ];

    expect(await stackFindings("unknown-document", resources)).to.deep.equal([
      "role: inlinePolicies[1].policy: it differs from the `grants` of its component, by which the preview was judged. Make the document from the grants.",
    ]);
  });
});

describe("a resource whose provider has a setting that is not known yet", () => {
  const provider = { region: "us-east-1", allowedAccountIds: [unknown] };
  const trusting = (service: string): Resource => ({
    type: "aws:iam/role:Role",
    name: "role",
    props: { assumeRolePolicy: trustOf(service) },
    provider,
  });
  const granting = (document: unknown): Resource => ({
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "policy",
    props: { role: unknown, policy: document },
    dependsOn: { role: [trusting("lambda.amazonaws.com")] },
    provider,
  });

  /** What the stack rules find: the engine gives them no property of such a resource. */
  async function found(...resources: Resource[]): Promise<string[]> {
    const pack = startPack();
    for (const it of resources) await pack.analyze(it);
    const { verdicts } = await pack.analyzeStack(resources.map((it) => ({ ...it, props: {} })));
    return texts(verdicts);
  }

  it("is judged by the inputs that its resource rules got", async () => {
    const wide = documentOf(allow("Read", "dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders"));

    expect(await found(trusting("lambda.amazonaws.com"), granting(wide))).to.deep.equal([
      "role: statement Read: Resource arn:aws:dynamodb:*:*:table/orders: it names a resource of type table that is not in this stack. Name a resource of this stack, or list the ARN under foreign-arn.external in the pack's configuration.",
      "role: role: lambda.amazonaws.com may assume it, and nothing in this stack has it. Remove it, or give it to what it is for.",
    ]);
  });

  it("has an unknown document where the input is unknown", async () => {
    expect(await found(trusting("ec2.amazonaws.com"), granting(unknown))).to.include(
      "policy: policy: it is not known before deployment, so no rule can judge it. Make its ARNs of names that are known, or give its statements as `grants` of a component that is its parent (identity policies only).",
    );
  });

  it("has an unknown document, not a malformed one, without inputs", async () => {
    const role = { type: "aws:iam/role:Role", name: "role", props: {}, provider };

    expect(await stackFindings("unknown-document", [role])).to.deep.equal([
      "role: assumeRolePolicy: it is not known before deployment, so no rule can judge it. Make its ARNs of names that are known, or give its statements as `grants` of a component that is its parent (identity policies only).",
    ]);
  });
});

describe("a function whose code has only a hash, as after a refresh", () => {
  it("is judged by the code of the program", async () => {
    const worker = lambda();
    const emptied = { [specialSigKey]: specialArchiveSig, hash: "1a2b", assets: {} };
    const resources = [role, topic("alerts"), worker, policy(ownLog)];
    const hashOnly = {
      ...worker,
      props: { ...worker.props, code: emptied },
    };
    const pack = startPack({ rules: rules.filter(({ name }) => name === "missing-grant") });

    await pack.analyze(worker);
    const { verdicts } = await pack.analyzeStack(
      resources.map((it) => (it === worker ? hashOnly : it)),
    );

    expect(texts(verdicts)).to.deep.equal([
      "role: sns:Publish: the code of worker calls PublishCommand of @aws-sdk/client-sns (index.mjs:5), and the role does not allow it. Grant sns:Publish.",
    ]);
  });
});
