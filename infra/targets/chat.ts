import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ArnOf } from "../arns.ts";
import { ScopedRole } from "../scoped-role.ts";
import { withoutEnding } from "../stack-names.ts";
import { createRule, deliver, type RouteArgs, template, value } from "./route.ts";
import type { Targets } from "./targets.ts";

export interface ChatArgs extends Pick<Targets, "slack" | "teams"> {
  readonly route: RouteArgs;
  readonly arnOf: ArnOf;
  /** ARN of the policy that limits what the channels' role can ever be granted. */
  readonly permissionsBoundary?: string;
}

/**
 * Every event as a message in a channel of Slack or Microsoft Teams, with one thread per incident. Amazon Q
 * Developer in chat applications delivers what is published to a dedicated topic: it drops what is not in its
 * schema, such as the e-mails.
 */
export class Chat extends pulumi.ComponentResource {
  public readonly topicArn: pulumi.Output<string>;
  public readonly rules: readonly aws.cloudwatch.EventRule[];

  constructor(name: string, args: ChatArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:Chat", name, {}, opts);
    const topic = new aws.sns.Topic(
      name,
      { displayName: "Reboot automation, for chat" },
      { parent: this },
    );
    const rule = createRule(
      name,
      { busName: args.route.busName, description: "Every event goes to the chat" },
      this,
    );
    const policy = allowRule(name, topic, rule, args, this);
    deliver(name, rule, { arn: topic.arn, body: customNotification }, args.route, {
      parent: this,
      dependsOn: [policy],
    });
    createChannels(name, topic, args, this);
    this.topicArn = topic.arn;
    this.rules = [rule];
    this.registerOutputs({ topicArn: this.topicArn });
  }
}

/** Lets the rule alone publish, in place of SNS's default policy. */
function allowRule(
  name: string,
  topic: aws.sns.Topic,
  rule: aws.cloudwatch.EventRule,
  { route, arnOf }: ChatArgs,
  parent: pulumi.Resource,
) {
  return new aws.sns.TopicPolicy(
    `${name}-policy`,
    {
      arn: topic.arn,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "PublishEvents",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sns:Publish",
            Resource: arnOf("sns", topic.name),
            Condition: {
              ArnEquals: {
                "aws:SourceArn": arnOf(
                  "events",
                  pulumi.interpolate`rule/${route.busName}/${rule.name}`,
                ),
              },
            },
          },
        ],
      }),
    },
    { parent },
  );
}

/** https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
const customNotification = template({
  version: "1.0",
  source: "custom",
  id: value("id"),
  content: {
    textType: "client-markdown",
    title: value("title"),
    description: value("reason"),
    nextSteps: [value("nextStep")],
  },
  metadata: {
    threadId: value("incidentId"),
    summary: value("title"),
    eventType: value("type"),
  },
});

/** AWS's default is AdministratorAccess. */
const guardrailPolicyArns = ["arn:aws:iam::aws:policy/AWSDenyAll"];

/** Nobody can run commands from the channels: neither the role nor the guardrail allows anything. */
function createChannels(
  name: string,
  topic: aws.sns.Topic,
  { slack, teams, permissionsBoundary }: ChatArgs,
  parent: pulumi.Resource,
) {
  const role = new ScopedRole(
    `${name}-role`,
    { service: "chatbot.amazonaws.com", grants: [], permissionsBoundary },
    { parent },
  );
  const projectAndStack = `${pulumi.getProject()}-${pulumi.getStack()}`;
  const common = {
    iamRoleArn: role.arn,
    snsTopicArns: [topic.arn],
    guardrailPolicyArns,
    userAuthorizationRequired: true,
    loggingLevel: "ERROR",
  };
  // The provider tries to change these in place, which Amazon Q cannot; the name is unique in the account.
  const replacing = (replaceOnChanges: string[]) => ({
    parent,
    dependsOn: [role],
    replaceOnChanges,
    deleteBeforeReplace: true,
  });
  if (slack) {
    new aws.chatbot.SlackChannelConfiguration(
      `${name}-slack`,
      {
        configurationName: withoutEnding(`${name}-slack`)(projectAndStack),
        slackTeamId: slack.workspaceId,
        slackChannelId: slack.channelId,
        ...common,
      },
      replacing(["configurationName", "slackTeamId"]),
    );
  }
  if (teams) {
    new aws.chatbot.TeamsChannelConfiguration(
      `${name}-teams`,
      {
        configurationName: withoutEnding(`${name}-teams`)(projectAndStack),
        ...teams,
        ...common,
      },
      replacing(["configurationName", "tenantId", "teamId"]),
    );
  }
}
