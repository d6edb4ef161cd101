import { expect } from "chai";
import { component, findings, isNotApplicable, role, rolePolicy, unknown } from "./support.ts";

const arn = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";

describe("star-action", () => {
  it("allows named actions", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: ["ec2:RebootInstances"], Resource: arn });

    expect(await findings("star-action", policy)).to.deep.equal([]);
  });

  it("names resource, property, statement, action, what it matches, and the fix", async () => {
    const policy = rolePolicy({ Sid: "Wide", Effect: "Allow", Action: "sqs:*", Resource: arn });

    expect(await findings("star-action", policy)).to.deep.equal([
      "it: policy, statement Wide: Action sqs:*: it matches 20 actions, of which 13 write: " +
        "sqs:AddPermission, sqs:CancelMessageMoveTask, sqs:ChangeMessageVisibility and 10 more. " +
        "List each action that is called.",
    ]);
  });

  it("lists the actions in a statement to put in place, where they are few", async () => {
    const policy = rolePolicy({
      Sid: "Wide",
      Effect: "Allow",
      Action: ["sqs:*Message", "sqs:GetQueueUrl"],
      Resource: "arn:aws:sqs:us-east-1:111122223333:queue",
    });

    const [finding] = await findings("star-action", policy);

    expect(finding?.split("Instead: ")[1]).to.equal(
      '{"Sid":"Wide","Effect":"Allow","Action":["sqs:DeleteMessage","sqs:ReceiveMessage","sqs:SendMessage","sqs:GetQueueUrl"],' +
        '"Resource":["arn:aws:sqs:us-east-1:111122223333:queue"]}',
    );
  });

  it("numbers a statement without Sid from 1", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "*", Resource: arn });

    expect(await findings("star-action", policy)).to.deep.equal([
      "it: policy, statement number 1: Action *: it matches every action of AWS. List each action that is called.",
    ]);
  });

  for (const statement of [
    { Effect: "Allow", Action: ["sns:Publish", "ec2:*"] },
    { Effect: "Allow", Action: "ec2:Reboot*" },
    { Effect: "Allow", Action: "ec2:*Instances" },
    { Effect: "Allow", Action: "ec2:RebootInstance?" },
    { Effect: "Allow", Action: "*:*" },
    { Effect: "Allow", Action: "nosuchservice:*" },
    { effect: "Allow", action: "ec2:*" },
    { EFFECT: "Allow", ACTION: ["ec2:*"] },
    { Effect: "allow", Action: "ec2:*" },
    { Effect: "Allow", Action: [{ Ref: "x" }] },
    { Effect: "Allow", Action: "ec2:*", Condition: { Bool: { "aws:SecureTransport": "true" } } },
  ]) {
    it(`reports ${JSON.stringify(statement)}`, async () => {
      expect(await findings("star-action", rolePolicy(statement))).to.have.length(1);
    });
  }

  it("ignores statements that deny", async () => {
    const policy = rolePolicy({ Effect: "Deny", Action: "*", Resource: "*" });

    expect(await findings("star-action", policy)).to.deep.equal([]);
  });

  for (const [type, property] of [
    ["aws:iam/policy:Policy", "policy"],
    ["aws:iam/userPolicy:UserPolicy", "policy"],
    ["aws:iam/groupPolicy:GroupPolicy", "policy"],
    ["aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", "inlinePolicy"],
  ] as const) {
    it(`reads ${property} of ${type}`, async () => {
      const { props } = rolePolicy({ Effect: "Allow", Action: "sns:*", Resource: "*" });

      expect(
        await findings("star-action", { type, props: { [property]: props.policy } }),
      ).to.have.length(1);
    });
  }

  it("reads a role's inline policies", async () => {
    const { policy } = rolePolicy({ Effect: "Allow", Action: "sns:*" }).props;
    const it = role(
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" },
      { inlinePolicies: [{ name: "a", policy }] },
    );

    const [finding, ...others] = await findings("star-action", it);

    expect(finding).to.match(
      /^it: inlinePolicies\[0\]\.policy, statement number 1: Action sns:\*: /,
    );
    expect(others).to.deep.equal([]);
  });

  describe("of a trust policy", () => {
    for (const [Principal, action] of [
      [{ Service: "lambda.amazonaws.com" }, '"sts:AssumeRole"'],
      [{ Service: "pods.eks.amazonaws.com" }, '"sts:AssumeRole","sts:TagSession"'],
      [
        { Federated: "arn:aws:iam::111122223333:oidc-provider/idp.example.com" },
        '"sts:AssumeRoleWithWebIdentity"',
      ],
      [
        { Federated: "arn:aws:iam::111122223333:saml-provider/corporate" },
        '"sts:AssumeRoleWithSAML"',
      ],
    ] as const) {
      it(`reports sts:*, and gives ${action}`, async () => {
        const trust = role({ Effect: "Allow", Action: "sts:*", Principal });

        const [finding, ...others] = await findings("star-action", trust);

        expect(finding).to.match(/^it: assumeRolePolicy, statement number 1: Action sts:\*: /);
        expect(finding?.split("Instead: ")[1]).to.include(`"Action":[${action}]`);
        expect(others).to.deep.equal([]);
      });
    }

    it("reports other wildcards too, and none in what AWS writes", async () => {
      const trust = (Action: unknown) =>
        role({ Effect: "Allow", Action, Principal: { Service: "pods.eks.amazonaws.com" } });

      for (const action of ["*", "sts:AssumeRole*"]) {
        expect(await findings("star-action", trust(action))).to.have.length(1);
      }
      const written = ["sts:AssumeRole", "sts:TagSession"];
      expect(await findings("star-action", trust(written))).to.deep.equal([]);
    });
  });

  describe("with wildcards that AWS prescribes", () => {
    for (const Action of [
      "kms:GenerateDataKey*",
      ["kms:Decrypt", "kms:ReEncrypt*", "kms:generatedatakey*"],
      ["kafka-cluster:*Topic*", "kafka-cluster:WriteData"],
      ["s3:PutObject*", "s3:ListBucket", "s3:GetObject*", "s3:DeleteObject*"],
      ["s3:GetObject*", "s3:GetBucket*", "s3:List*"],
    ]) {
      it(`passes: ${JSON.stringify(Action)}`, async () => {
        const policy = rolePolicy({ Effect: "Allow", Action, Resource: "*" });

        expect(await findings("star-action", policy)).to.deep.equal([]);
      });
    }

    for (const Action of ["s3:GetObject*", "kms:*", "kafka-cluster:*", ["s3:Get*", "s3:List*"]]) {
      it(`does not pass: ${JSON.stringify(Action)}`, async () => {
        const policy = rolePolicy({ Effect: "Allow", Action, Resource: "*" });

        expect(await findings("star-action", policy)).to.have.length(1);
      });
    }

    it("keeps them in the statement that it suggests", async () => {
      const policy = rolePolicy({
        Effect: "Allow",
        Action: ["kms:ReEncrypt*", "kms:Decr*"],
        Resource: "*",
      });

      const [finding] = await findings("star-action", policy);

      expect(finding?.split("Instead: ")[1]).to.include(
        '"Action":["kms:ReEncrypt*","kms:Decrypt"]',
      );
    });
  });

  it("checks a component's grants although their resource is unknown", async () => {
    const grant = { sid: "Wide", actions: ["*"], resources: [unknown] };

    expect(await findings("star-action", component(grant))).to.deep.equal([
      "component: grants, statement Wide: Action *: it matches every action of AWS. List each action that is called.",
    ]);
  });

  it("reports an unknown action", async () => {
    const grant = { sid: "Late", actions: [unknown], resources: [arn] };

    expect(await findings("star-action", component(grant))).to.deep.equal([
      "component: grants, statement Late: Action (not known before deployment): it is not known before deployment. Write it as a literal string.",
    ]);
  });

  it("does not apply to resources without an identity policy", async () => {
    const bucket = { type: "aws:s3/bucket:Bucket", props: { policy: "*" } };

    expect(await isNotApplicable("star-action", bucket)).to.equal(true);
  });
});
