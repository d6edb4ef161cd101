import { expect } from "chai";
import { documentOf, type Resource, stackFindings, unknown } from "./support.ts";

const account = "111122223333";
const role: Resource = { type: "aws:iam/role:Role", name: "role", props: {} };
const topic: Resource = {
  type: "aws:sns/topic:Topic",
  name: "topic",
  props: { name: "alerts-1a2b", arn: unknown },
};
const instance: Resource = { type: "aws:ec2/instance:Instance", name: "web", props: {} };

/** A policy of the role with a statement on these resources. */
const policy = (Action: unknown, Resource: unknown): Resource => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "policy",
  props: { role: unknown, policy: documentOf({ Sid: "One", Effect: "Allow", Action, Resource }) },
  dependsOn: { role: [role] },
});

/** A component with a grant of which the ARN is not known yet, and comes from these. */
const granting = (action: string, ...sources: Resource[]): Resource => ({
  type: "test:index:Component",
  name: "component",
  props: { grants: [{ sid: "One", actions: [action], resources: [unknown] }] },
  dependsOn: { grants: sources },
});

const found = (resources: Resource[], external: string[] = []) =>
  stackFindings("foreign-arn", resources, { external });
const fix =
  "Use a resource of this stack, or list the ARN under foreign-arn.external in the pack's configuration.";

describe("foreign-arn", () => {
  it("names an ARN that is no resource of the stack, and its type", async () => {
    const arn = `arn:aws:ec2:us-east-1:${account}:instance/i-0123456789abcdef0`;

    expect(await found([role, instance, policy("ec2:RebootInstances", arn)])).to.deep.equal([
      `role: statement One: Resource ${arn}: it refers to a resource of type instance that is not in this stack. ${fix}`,
    ]);
  });

  it("finds a resource by its name before its ARN is known", async () => {
    const arn = `arn:aws:sns:us-east-1:${account}:alerts-1a2b`;

    expect(await found([role, topic, policy("sns:Publish", arn)])).to.deep.equal([]);
  });

  it("does not confuse what delivers to a resource with the resource", async () => {
    const arn = `arn:aws:events:us-east-1:${account}:event-bus/central`;
    const target: Resource = {
      type: "aws:cloudwatch/eventTarget:EventTarget",
      name: "forward",
      props: { arn },
    };

    expect(await found([role, target, policy("events:PutEvents", arn)])).to.deep.equal([
      `role: statement One: Resource ${arn}: it refers to a resource of type event-bus that is not in this stack. ${fix}`,
    ]);
  });

  it("considers account and region once the ARN is known", async () => {
    const own = `arn:aws:sns:us-east-1:${account}:alerts-1a2b`;
    const known = { ...topic, props: { name: "alerts-1a2b", arn: own } };
    const other = policy("sns:Publish", own.replace(account, "444455556666"));

    expect(await found([role, known, policy("sns:Publish", own)])).to.deep.equal([]);
    expect(await found([role, known, other])).to.have.length(1);
  });

  for (const [what, type, props, arn] of [
    ["an object in a bucket", "aws:s3/bucket:Bucket", { bucket: "b" }, "arn:aws:s3:::b/in/*"],
    [
      "a table's index",
      "aws:dynamodb/table:Table",
      { name: "t" },
      "arn:aws:dynamodb:us-east-1:111122223333:table/t/index/*",
    ],
    [
      "streams of a log group",
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "/app/log" },
      "arn:aws:logs:us-east-1:111122223333:log-group:/app/log:*",
    ],
    [
      "a role with a path",
      "aws:iam/role:Role",
      { name: "r", path: "/team/" },
      "arn:aws:iam::111122223333:role/team/r",
    ],
    [
      "a parameter whose name begins with a slash",
      "aws:ssm/parameter:Parameter",
      { name: "/app/url" },
      "arn:aws:ssm:us-east-1:111122223333:parameter/app/url",
    ],
    [
      "the log group that Lambda makes for a function",
      "aws:lambda/function:Function",
      { name: "f", runtime: "python3.13" },
      "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:*",
    ],
    [
      "what runs in a state machine",
      "aws:sfn/stateMachine:StateMachine",
      { name: "flow" },
      "arn:aws:states:us-east-1:111122223333:execution:flow:*",
    ],
    [
      "an identity of SES by its domain",
      "aws:sesv2/emailIdentity:EmailIdentity",
      { emailIdentity: "example.com" },
      "arn:aws:ses:us-east-1:111122223333:identity/example.com",
    ],
    [
      "an identity of the first version of SES",
      "aws:ses/domainIdentity:DomainIdentity",
      { domain: "example.com" },
      "arn:aws:ses:us-east-1:111122223333:identity/example.com",
    ],
    [
      "a search domain and what is in it",
      "aws:opensearch/domain:Domain",
      { domainName: "logs" },
      "arn:aws:es:us-east-1:111122223333:domain/logs/*",
    ],
    [
      "an instance of a database cluster",
      "aws:rds/clusterInstance:ClusterInstance",
      { identifier: "shop-1", clusterIdentifier: "shop" },
      "arn:aws:rds:us-east-1:111122223333:db:shop-1",
    ],
    [
      "a table in a database of the catalog",
      "aws:glue/catalogTable:CatalogTable",
      { name: "events", databaseName: "lake" },
      "arn:aws:glue:us-east-1:111122223333:table/lake/events",
    ],
    [
      "tables that something else creates in a database of the stack",
      "aws:glue/catalogDatabase:CatalogDatabase",
      { name: "lake" },
      "arn:aws:glue:us-east-1:111122223333:table/lake/*",
    ],
    [
      "a schedule in a group",
      "aws:scheduler/schedule:Schedule",
      { name: "nightly", groupName: "jobs" },
      "arn:aws:scheduler:us-east-1:111122223333:schedule/jobs/nightly",
    ],
    [
      "an Auto Scaling group with any id",
      "aws:autoscaling/group:Group",
      { name: "web" },
      "arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:*:autoScalingGroupName/web",
    ],
    [
      "the alias of a key",
      "aws:kms/alias:Alias",
      { name: "alias/orders" },
      "arn:aws:kms:us-east-1:111122223333:alias/orders",
    ],
    [
      "a secret with the six characters that AWS adds",
      "aws:secretsmanager/secret:Secret",
      { name: "app/db" },
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:app/db-??????",
    ],
    [
      "a database cluster by its identifier",
      "aws:rds/cluster:Cluster",
      { clusterIdentifier: "documents" },
      "arn:aws:rds:us-east-1:111122223333:cluster:documents",
    ],
    [
      "a database instance by its identifier",
      "aws:rds/instance:Instance",
      { identifier: "documents" },
      "arn:aws:rds:us-east-1:111122223333:db:documents",
    ],
    [
      "a cache by its id",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      { replicationGroupId: "sessions" },
      "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:sessions",
    ],
    [
      "a package repository by its domain and name",
      "aws:codeartifact/repository:Repository",
      { domainName: "shop", repository: "npm" },
      "arn:aws:codeartifact:us-east-1:111122223333:repository/shop/npm",
    ],
    [
      "a database of Glue",
      "aws:glue/catalogDatabase:CatalogDatabase",
      { name: "questions" },
      "arn:aws:glue:us-east-1:111122223333:database/questions",
    ],
    [
      "tables in a database of Glue",
      "aws:glue/catalogDatabase:CatalogDatabase",
      { name: "questions", arn: "arn:aws:glue:us-east-1:111122223333:database/questions" },
      "arn:aws:glue:us-east-1:111122223333:table/questions/replies",
    ],
    [
      "a target group by its name, before the id that AWS creates",
      "aws:lb/targetGroup:TargetGroup",
      { name: "web" },
      "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/*",
    ],
  ] as const) {
    it(`knows ${what}`, async () => {
      const resource: Resource = { type, name: "it", props };

      expect(await found([role, resource, policy("some:Action", arn)])).to.deep.equal([]);
      expect(await found([role, policy("some:Action", arn)])).to.have.length(1);
    });
  }

  it("reports a wildcard that matches a resource of the stack and others", async () => {
    const queue: Resource = { type: "aws:sqs/queue:Queue", name: "q", props: { name: "shop-1a" } };
    const arn = `arn:aws:sqs:us-east-1:${account}:shop-*`;

    expect((await found([role, queue, policy("sqs:SendMessage", arn)]))[0]).to.include(
      "its wildcard matches aws:sqs/queue:Queue q, and resources outside of this stack",
    );
  });

  it("does not treat another parameter as part of one", async () => {
    const parameter: Resource = {
      type: "aws:ssm/parameter:Parameter",
      name: "p",
      props: { name: "/shop" },
    };
    const below = `arn:aws:ssm:us-east-1:${account}:parameter/shop/root-password`;

    expect(await found([role, parameter, policy("ssm:GetParameter", below)])).to.have.length(1);
  });

  it("does not accept a table of another database", async () => {
    const table: Resource = {
      type: "aws:glue/catalogTable:CatalogTable",
      name: "it",
      props: { databaseName: "questions", name: "replies" },
    };
    const unknownDatabase = { ...table, props: { databaseName: unknown, name: "replies" } };
    const other = policy("glue:GetTable", `arn:aws:glue:us-east-1:${account}:table/other/replies`);

    expect(await found([role, table, other])).to.have.length(1);
    expect(await found([role, unknownDatabase, other])).to.have.length(1);
  });

  it("does not accept a name that only starts the same", async () => {
    const bucket: Resource = {
      type: "aws:s3/bucket:Bucket",
      name: "it",
      props: { bucket: "data" },
    };

    const other = policy("s3:GetObject", "arn:aws:s3:::database/*");

    expect(await found([role, bucket, other])).to.have.length(1);
  });

  it("lets pass what the configuration lists", async () => {
    const arn = `arn:aws:sns:us-east-1:${account}:elsewhere`;
    const external = [`arn:aws:sns:*:${account}:elsewhere`];

    expect(await found([role, policy("sns:Publish", arn)], external)).to.deep.equal([]);
  });

  it("leaves `*` to other rules", async () => {
    expect(await found([role, policy("ssm:GetParameter", "*")])).to.deep.equal([]);
  });

  for (const [what, action, own, other] of [
    [
      "AWS's parameters",
      "ssm:GetParameter",
      "arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/x",
      "arn:aws:ssm:us-east-1:111122223333:parameter/aws/service/x",
    ],
    [
      "AWS's documents",
      "ssm:SendCommand",
      "arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
      "arn:aws:ssm:us-east-1:111122223333:document/RunShellScript",
    ],
    [
      "models",
      "bedrock:InvokeModel",
      "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-3-5-sonnet-20241022-v2:0",
      "arn:aws:bedrock:us-west-2:111122223333:custom-model/anthropic.claude/x",
    ],
    [
      "the workgroup that each account has",
      "athena:StartQueryExecution",
      "arn:aws:athena:us-east-1:111122223333:workgroup/primary",
      "arn:aws:athena:us-east-1:111122223333:workgroup/questions",
    ],
    [
      "roles that only AWS can create",
      "iam:PassRole",
      "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
      "arn:aws:iam::111122223333:role/AWSServiceRoleForECS",
    ],
    [
      "AWS's policies, and no resource with these words in its name",
      "iam:GetPolicy",
      "arn:aws:iam::aws:policy/ReadOnlyAccess",
      "arn:aws:s3:::other:iam::aws:x",
    ],
  ] as const) {
    it(`lets pass what AWS creates: ${what}`, async () => {
      expect(await found([role, policy(action, own)])).to.deep.equal([]);
      expect(await found([role, policy(action, other)])).to.have.length(1);
    });
  }

  for (const [what, arn] of [
    ["the user who calls", `arn:aws:iam::${account}:user/\${aws:username}`],
    ["the user who calls, with a path", "arn:aws:iam::*:user/*/${aws:username}"],
    ["a MFA device of the user who calls", `arn:aws:iam::${account}:mfa/\${aws:username}`],
    ["a key of the user who calls", "arn:aws:iam::*:u2f/user/${aws:username}/*"],
    ["the Data Catalog of the account", `arn:aws:glue:us-east-1:${account}:catalog`],
    [
      "an inference profile of Bedrock",
      `arn:aws:bedrock:us-east-1:${account}:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0`,
    ],
    [
      "a role of an AWS service",
      "arn:aws:iam::*:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing*",
    ],
  ] as const) {
    it(`lets pass ${what}`, async () => {
      expect(await found([role, policy("iam:GetUser", arn)])).to.deep.equal([]);
    });
  }

  for (const arn of [
    `arn:aws:bedrock:us-east-1:${account}:application-inference-profile/a1b2c3d4e5f6`,
    `arn:aws:ssm:us-east-1:${account}:parameter/aws/own`,
    `arn:aws:iam::${account}:role/aws-service-role-of-ours`,
    `arn:aws:glue:us-east-1:${account}:catalog/federated`,
  ]) {
    it(`does not treat ${arn} as AWS's own`, async () => {
      expect(await found([role, policy("some:Action", arn)])).to.have.length(1);
    });
  }

  it("treats a policy variable like a wildcard", async () => {
    const bucket: Resource = { type: "aws:s3/bucket:Bucket", name: "home", props: { bucket: "b" } };
    const table: Resource = {
      type: "aws:dynamodb/table:Table",
      name: "orders",
      props: { name: "orders-blue" },
    };
    const own = "arn:aws:s3:::b/${aws:username}/*";
    const any = `arn:aws:dynamodb:us-east-1:${account}:table/orders-\${aws:PrincipalTag/team}`;

    expect(await found([role, bucket, policy("s3:GetObject", own)])).to.deep.equal([]);
    expect((await found([role, table, policy("dynamodb:GetItem", any)]))[0]).to.include(
      "its variable matches aws:dynamodb/table:Table orders, and resources outside of this stack",
    );
  });

  it("names what users have from a group once, for the group", async () => {
    const user: Resource = { type: "aws:iam/user:User", name: "ada", props: {} };
    const group: Resource = { type: "aws:iam/group:Group", name: "team", props: {} };
    const membership: Resource = {
      type: "aws:iam/userGroupMembership:UserGroupMembership",
      props: { user: unknown, groups: [unknown] },
      dependsOn: { user: [user], groups: [group] },
    };
    const ofGroup: Resource = {
      type: "aws:iam/groupPolicy:GroupPolicy",
      name: "of-team",
      props: {
        group: unknown,
        policy: documentOf({
          Sid: "One",
          Effect: "Allow",
          Action: "iam:GetRole",
          Resource: `arn:aws:iam::${account}:role/elsewhere`,
        }),
      },
      dependsOn: { group: [group] },
    };

    expect(await found([user, group, membership, ofGroup])).to.deep.equal([
      `team: statement One: Resource arn:aws:iam::${account}:role/elsewhere: it refers to a resource of type role that is not in this stack. ${fix}`,
    ]);
  });

  it("names a policy of several roles once", async () => {
    const shared: Resource = {
      type: "aws:iam/policy:Policy",
      name: "shared",
      props: {
        policy: documentOf({
          Sid: "One",
          Effect: "Allow",
          Action: "sns:Publish",
          Resource: `arn:aws:sns:us-east-1:${account}:elsewhere`,
        }),
      },
    };
    const with2 = ["a", "b"].map((name): Resource[] => {
      const one: Resource = { type: "aws:iam/role:Role", name, props: {} };
      return [
        one,
        {
          type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
          name,
          props: { role: unknown, policyArn: unknown },
          dependsOn: { role: [one], policyArn: [shared] },
        },
      ];
    });

    expect((await found([shared, ...with2.flat()]))[0]).to.include(
      "a: statement One of aws:iam/role:Role a and aws:iam/role:Role b: Resource arn",
    );
  });

  it("follows an unknown ARN to the resource that it comes from", async () => {
    expect(await found([instance, granting("ec2:RebootInstances", instance)])).to.deep.equal([]);
  });

  it("names what an unknown ARN comes from, if the action accepts no such resource", async () => {
    expect(await found([topic, granting("ec2:RebootInstances", topic)])).to.deep.equal([
      `component: statement One: Resource (not known before deployment) from aws:sns/topic:Topic topic: the actions accept no such resource. ${fix}`,
    ]);
  });

  it("names an unknown ARN that comes from no resource", async () => {
    expect(await found([granting("ec2:RebootInstances")])).to.deep.equal([
      `component: statement One: Resource (not known before deployment): it comes from no resource of this stack. ${fix}`,
    ]);
  });

  it("names another stack's output, unless the configuration lists the reference", async () => {
    const other: Resource = {
      type: "pulumi:pulumi:StackReference",
      name: "network",
      props: { outputs: unknown },
    };
    const stack = [other, granting("ec2:RebootInstances", other)];

    expect(await found(stack)).to.deep.equal([
      'component: statement One: Resource (not known before deployment) from pulumi:pulumi:StackReference network: the actions accept no such resource. Use a resource of this stack, or list the ARN or "pulumi:pulumi:StackReference network" (for all ARNs of policies that use its outputs) under foreign-arn.external in the pack\'s configuration.',
    ]);
    expect(await found(stack, ["pulumi:pulumi:StackReference network"])).to.deep.equal([]);
  });

  it("distinguishes the resources of one component by the inputs with a statement's Sid", async () => {
    const component: Resource = {
      type: "test:index:Component",
      name: "component",
      props: { grants: [{ sid: "One", actions: ["ec2:RebootInstances"], resources: [unknown] }] },
      dependsOn: { grants: [instance, topic], One: [topic] },
    };

    expect(await found([instance, topic, component])).to.have.length(1);
  });
});
