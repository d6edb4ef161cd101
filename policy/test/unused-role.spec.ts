import { expect } from "chai";
import { type Resource, role as roleWith, stackFindings, unknown } from "./support.ts";

const trust = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { Service: "lambda.amazonaws.com" },
};
const role: Resource = { ...roleWith(trust), name: "role" };
const found = (...resources: Resource[]) => stackFindings("unused-role", resources);

describe("unused-role", () => {
  it("names a role that nothing in the stack has", async () => {
    expect(await found(role)).to.deep.equal([
      "role: role: lambda.amazonaws.com may assume it, and nothing in this stack uses it. Remove it, assign it to the resource that needs it, or list it under unused-role.external in the configuration.",
    ]);
  });

  it("allows a role that a resource names, by dependency or by text", async () => {
    const having: Resource = {
      type: "aws:lambda/function:Function",
      name: "f",
      props: { role: unknown },
      dependsOn: { role: [role] },
    };
    const arn = "arn:aws:iam::111122223333:role/r";
    const known: Resource = { ...role, props: { ...role.props, arn } };
    const task: Resource = {
      type: "aws:ecs/taskDefinition:TaskDefinition",
      name: "t",
      props: { executionRoleArn: arn },
    };

    expect(await found(role, having)).to.deep.equal([]);
    expect(await found(known, task)).to.deep.equal([]);
  });

  const arn = "arn:aws:iam::111122223333:role/r-1a2b";
  const deployed: Resource = { ...role, props: { ...role.props, arn, name: "r-1a2b" } };

  for (const [what, type, props] of [
    [
      "the credentials of an OpenAPI document",
      "aws:apigateway/restApi:RestApi",
      { body: JSON.stringify({ paths: { "/a": { get: { "x-amazon": { credentials: arn } } } } }) },
    ],
    [
      "a pod identity",
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      { roleArn: arn, serviceAccount: "api" },
    ],
    [
      "a document of Systems Manager",
      "aws:ssm/document:Document",
      { content: `assumeRole: "${arn}"` },
    ],
    [
      "an annotation of Kubernetes",
      "kubernetes:core/v1:ServiceAccount",
      { metadata: { annotations: { "eks.amazonaws.com/role-arn": arn } } },
    ],
    [
      "a state machine",
      "aws:sfn/stateMachine:StateMachine",
      { definition: `{"RoleArn":"${arn}"}` },
    ],
    ["a list", "aws:backup/plan:Plan", { rules: [{ targets: [`${arn}`] }] }],
    ["a stored value", "aws:ssm/parameter:Parameter", { value: arn }],
    ["an output of the stack", "pulumi:pulumi:Stack", { deployRole: arn }],
    ["the name in an output of the stack", "pulumi:pulumi:Stack", { worker: "r-1a2b" }],
  ] as const) {
    it(`allows a role that is in ${what}`, async () => {
      expect(await found(deployed, { type, name: "other", props })).to.deep.equal([]);
    });
  }

  it("allows a role that may be in an output that is not known yet", async () => {
    const stack = (props: Record<string, unknown>): Resource => ({
      type: "pulumi:pulumi:Stack",
      props,
    });

    for (const output of ["roleArn", "deploymentRole", "arn"]) {
      expect(await found(role, stack({ [output]: unknown }))).to.deep.equal([]);
    }
    expect(await found(role, stack({ url: unknown }))).to.have.length(1);
  });

  it("allows a role that a stored value comes from", async () => {
    const parameter: Resource = {
      type: "aws:ssm/parameter:Parameter",
      name: "parameter",
      props: { value: unknown },
      dependsOn: { value: [role] },
    };

    expect(await found(role, parameter)).to.deep.equal([]);
  });

  for (const pattern of ["role", "r-1a2b", "r-*", arn, "arn:aws:iam::*:role/r-1a2b"]) {
    it(`allows a role that the configuration lists as ${pattern}`, async () => {
      const settings = { external: [pattern] };

      expect(await stackFindings("unused-role", [deployed], settings)).to.deep.equal([]);
    });
  }

  it("does not count a tag, the principal of a policy, or another role's ARN", async () => {
    const others: Resource[] = [
      { type: "aws:sqs/queue:Queue", name: "a", props: { tags: { role: arn } } },
      {
        type: "aws:s3/bucketPolicy:BucketPolicy",
        name: "b",
        props: { policy: `{"Statement":{"Principal":{"AWS":"${arn}"}}}` },
      },
      {
        type: "aws:sfn/stateMachine:StateMachine",
        name: "c",
        props: { definition: `${arn}-other` },
      },
    ];

    expect(await found(deployed, ...others)).to.have.length(1);
  });

  it("does not count its own policies, nor a component that hands it on", async () => {
    const policy: Resource = {
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "p",
      props: { role: unknown },
      dependsOn: { role: [role] },
    };
    const component: Resource = {
      type: "test:index:Component",
      name: "c",
      props: {},
      dependsOn: { roleArn: [role] },
    };

    expect(await found(role, policy, component)).to.have.length(1);
  });

  it("allows a role that people or another account assume", async () => {
    const open = { ...trust, Principal: { AWS: "arn:aws:iam::111122223333:root" } };

    expect(await found({ ...roleWith(open), name: "role" })).to.deep.equal([]);
  });

  it("has nothing to say while the trust policy is not known", async () => {
    expect(await found({ ...role, props: { assumeRolePolicy: unknown } })).to.deep.equal([]);
  });
});
