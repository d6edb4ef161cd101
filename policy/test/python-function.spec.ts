import { expect } from "chai";
import { granted, lambda, ownLog, role, topic } from "./function-stack.ts";
import { codeOf, messagesOf, type Resource, startPack, trustOf, unknown } from "./support.ts";

const inPython = `
import os

import boto3

ec2 = boto3.client("ec2")
sns = boto3.client("sns")


def handler(event, context):
    instance = os.environ["INSTANCE_ID"]
    ec2.reboot_instances(InstanceIds=[instance])
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message=f"{instance} reboots")
`;

const inJavaScript = `
import { EC2Client, RebootInstancesCommand } from "@aws-sdk/client-ec2";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

const ec2 = new EC2Client({});
const sns = new SNSClient({});

export const handler = async () => {
  const instance = process.env.INSTANCE_ID;
  await ec2.send(new RebootInstancesCommand({ InstanceIds: [instance] }));
  await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC_ARN, Message: instance }));
};
`;

const instance = (name: string): Resource => ({
  type: "aws:ec2/instance:Instance",
  name,
  props: {
    metadataOptions: { httpTokens: "required" },
    rootBlockDevice: { encrypted: true },
  },
});
const web = instance("web");
const other = instance("other");
const alerts = topic("alerts");
const ofLambda = { ...role, props: { assumeRolePolicy: trustOf("lambda.amazonaws.com") } };

/** In a first preview, the instance and the topic have no id and no ARN yet. */
const worker = (runtime: object) =>
  lambda({
    props: {
      ...runtime,
      environment: { variables: { INSTANCE_ID: unknown, TOPIC_ARN: unknown } },
    },
    dependsOn: { environment: [web, alerts] },
  });
const python = worker({
  runtime: "python3.14",
  handler: "app.handler",
  code: codeOf({ "app.py": inPython }),
});
const javascript = worker({
  runtime: "nodejs24.x",
  handler: "index.handler",
  code: codeOf({ "index.mjs": inJavaScript }),
});

const reboot = { sid: "Reboot", actions: ["ec2:RebootInstances"], resources: [unknown] };
const notify = { sid: "Notify", actions: ["sns:Publish"], resources: [unknown] };
const log = { sid: "Log", actions: ownLog.Action as string[], resources: [ownLog.Resource] };

/** What all rules report for the function, if its role has these grants with ARNs of these resources. */
async function findings(
  function_: Resource,
  grants: Parameters<typeof granted>[0],
  arnsOf: Parameters<typeof granted>[1],
): Promise<string[]> {
  const stack = [ofLambda, web, other, alerts, function_, ...granted([...grants, log], arnsOf)];
  const pack = startPack();
  const all = [await pack.analyzeStack(stack)];
  for (const it of stack) all.push(await pack.analyze(it));
  return all.flatMap(({ verdicts }) => messagesOf(verdicts));
}

describe("a Python function that reboots an instance and publishes to a topic", () => {
  it("has no finding with the role that it needs", async () => {
    const found = await findings(python, [reboot, notify], {
      grants: [web, alerts],
      Reboot: [web],
      Notify: [alerts],
    });

    expect(found).to.deep.equal([]);
  });

  for (const [what, grants, arnsOf, expected] of [
    [
      "an action that it does not call",
      [{ ...reboot, actions: ["ec2:RebootInstances", "ec2:StopInstances"] }, notify],
      { grants: [web, alerts], Reboot: [web], Notify: [alerts] },
      [
        "role: statement Reboot: ec2:StopInstances on aws:ec2/instance:Instance web: neither the code of worker nor its configuration uses it. Remove it.",
      ],
    ],
    [
      "another instance besides",
      [{ ...reboot, resources: [unknown, unknown] }, notify],
      { grants: [web, other, alerts], Reboot: [web, other], Notify: [alerts] },
      [
        "role: statement Reboot: ec2:RebootInstances on aws:ec2/instance:Instance other: the statement allows actions on it, and nothing calls any on it. Remove it.",
      ],
    ],
    [
      "another instance instead",
      [reboot, notify],
      { grants: [other, alerts], Reboot: [other], Notify: [alerts] },
      [
        "role: statement Reboot: ec2:RebootInstances on aws:ec2/instance:Instance other: worker calls it only on aws:ec2/instance:Instance web. Remove it.",
        'role: ec2:RebootInstances on aws:ec2/instance:Instance web: the code of worker calls reboot_instances of boto3.client("ec2") (app.py:12), and the role does not allow it. Allow it.',
      ],
    ],
    [
      "all actions of EC2",
      [{ ...reboot, actions: ["ec2:*"] }, notify],
      { grants: [web, alerts], Reboot: [web], Notify: [alerts] },
      [
        "component: grants, statement Reboot: Action ec2:*: it matches 826 actions, of which 542 write: ec2:AssociateVerifiedAccessInstanceWebAcl, ec2:AttachApplianceToNatGateway, ec2:AttachResourcesToPlacementGroup and 539 more. List each action that is called.",
      ],
    ],
    [
      "no sns:Publish",
      [reboot],
      { grants: [web], Reboot: [web] },
      [
        'role: sns:Publish on aws:sns/topic:Topic alerts: the code of worker calls publish of boto3.client("sns") (app.py:13), and the role does not allow it. Allow it.',
      ],
    ],
  ] as const) {
    it(`has exactly the findings of a role with ${what}, as in JavaScript`, async () => {
      expect(await findings(python, grants, arnsOf)).to.deep.equal(expected);
      expect(await findings(javascript, grants, arnsOf)).to.deep.equal(
        expected.map((it) =>
          it
            .replace(
              'reboot_instances of boto3.client("ec2") (app.py:12)',
              "RebootInstancesCommand of @aws-sdk/client-ec2 (index.mjs:10)",
            )
            .replace(
              'publish of boto3.client("sns") (app.py:13)',
              "PublishCommand of @aws-sdk/client-sns (index.mjs:11)",
            ),
        ),
      );
    });
  }
});
