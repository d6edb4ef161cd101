import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const account = aws.getCallerIdentityOutput().accountId;
const settings = {
  ami: "ami-0abcdef1234567890",
  metadataOptions: { httpTokens: "required" },
  rootBlockDevice: { encrypted: true },
};
const server = new aws.ec2.Instance("server", { ...settings, instanceType: "t3.micro" });
const database = new aws.ec2.Instance("database", { ...settings, instanceType: "t3.large" });
const alerts = new aws.sns.Topic("alerts");

interface Grant {
  readonly sid: string;
  readonly actions: string[];
  readonly resources: pulumi.Input<string>[];
}

const arnOf = (instance: aws.ec2.Instance) =>
  pulumi.interpolate`arn:aws:ec2:us-east-1:${account}:instance/${instance.id}`;
const rebootServer = {
  sid: "RebootServer",
  actions: ["ec2:RebootInstances"],
  resources: [arnOf(server)],
};
const publish = { sid: "Publish", actions: ["sns:Publish"], resources: [alerts.arn] };

/** A function with its log, and with a role that has these grants besides. */
class Rebooter extends pulumi.ComponentResource {
  constructor(name: string, grants: Grant[]) {
    const log = `/aws/lambda/${name}`;
    const writeLog = {
      sid: "WriteLog",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`arn:aws:logs:us-east-1:${account}:log-group:${log}:*`],
    };
    const all = [...grants, writeLog];
    // The engine knows the resources behind an input, so each statement's are one.
    const resources = Object.fromEntries(all.map((it) => [it.sid, it.resources]));
    super("operations:index:Rebooter", name, { grants: all, ...resources });
    const here = { parent: this };
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Principal: { Service: "lambda.amazonaws.com" },
            },
          ],
        },
      },
      here,
    );
    new aws.cloudwatch.LogGroup(`${name}-log`, { name: log, retentionInDays: 30 }, here);
    new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: all.map(({ sid, actions, resources }) => ({
            Sid: sid,
            Effect: "Allow",
            Action: actions,
            Resource: resources,
          })),
        }),
      },
      here,
    );
    new aws.lambda.Function(
      name,
      {
        name,
        runtime: "python3.14",
        handler: "app.handler",
        role: role.arn,
        code: new pulumi.asset.FileArchive("./functions"),
        environment: { variables: { INSTANCE_ID: server.id, TOPIC_ARN: alerts.arn } },
      },
      here,
    );
    this.registerOutputs({ grants: all });
  }
}

new Rebooter("exact", [rebootServer, publish]);
new Rebooter("wide", [
  { ...rebootServer, actions: ["ec2:RebootInstances", "ec2:StopInstances"] },
  { sid: "RebootDatabase", actions: ["ec2:RebootInstances"], resources: [arnOf(database)] },
  publish,
]);
new Rebooter("narrow", [rebootServer]);
