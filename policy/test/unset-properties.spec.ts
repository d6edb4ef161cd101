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
import { findings, type Resource, rules, stackFindings, trustOf, unknown } from "./support.ts";

/** The state of a provider has an empty value for each property that the program does not set. */
const empty: readonly (readonly [string, unknown])[] = [
  ["an empty string", ""],
  ["null", null],
];

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
      "it: unreadable policy: it is not JSON. Write an IAM policy document.",
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
    const unused = `role: statement Tell: sns:Subscribe on aws:sns/topic:Topic alerts: neither the code of worker nor its configuration uses it. Remove it. Instead: {"Sid":"Tell","Effect":"Allow","Action":["sns:Publish"],"Resource":["${topicArn("alerts")}"]}`;
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

    const attachment = (type: string, props: Record<string, unknown>): Resource => ({
      type,
      name: "attachment",
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
        const resources = stack({}, attachment(type, props));

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
        await stackFindings("missing-grant", [
          ...alone,
          attachment(mapping, { destinationConfig }),
        ]),
      ).to.deep.equal([
        "role: sns:Publish and sns:Publish on aws:sns/topic:Topic alerts: " +
          "the code of worker calls PublishCommand of @aws-sdk/client-sns (index.mjs:5), and the role does not allow it (sns:Publish); " +
          "attachment sends invocation records there (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html), and the role does not allow it (sns:Publish on aws:sns/topic:Topic alerts). Allow it.",
      ]);
    });

    it("does not hide the grants of a function with all outputs of a real state", async () => {
      const resources = stack({}, attachment(mapping, {})).map((it) => ({
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
        "it: permission: Principal * with lambda:InvokeFunction: anyone may use the resource, and no property restricts the caller. Set principal to a service or an account, or set sourceAccount or principalOrgId, or invokedViaFunctionUrl for a function URL.",
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
        "it: rootBlockDevice.encrypted: it is not true, so the disk is not encrypted. Set it to true.",
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
