import type * as pulumi from "@pulumi/pulumi";
import type { StackName } from "../../infra/stack-names.ts";

/** The ARNs of the resources that bring events to their targets; see infra/targets/. */
export interface TargetNames {
  readonly bus: pulumi.Output<string>;
  readonly pipe: pulumi.Output<string>;
  /** Rules on the bus, by their logical names. */
  rules(...logicalNames: readonly string[]): pulumi.Output<string>[];
  /** The configurations of chat channels. */
  readonly channels: readonly pulumi.Output<string>[];
  /** The connection to PagerDuty and the API destination, without the id that EventBridge adds. */
  readonly connection: pulumi.Output<string>;
  readonly destination: pulumi.Output<string>;
  /** What EventBridge keeps for the connection in Secrets Manager. */
  readonly secrets: pulumi.Output<string>;
}

/** Makes ARNs of an account, in a region or in none, and the names in them. */
export interface ArnMaker {
  here(service: string, resource: string): pulumi.Output<string>;
  inNoRegion(service: string, resource: string): pulumi.Output<string>;
  nameOf(name: StackName): string;
}

/** Each is read only if its target is set: else it throws. */
export function targetNamesOf(
  names: readonly StackName[],
  { here, inNoRegion, nameOf }: ArnMaker,
): TargetNames {
  const named = (type: string, logicalName: string) => {
    const found = names.find((it) => it.type === type && it.logicalName === logicalName);
    if (!found) throw new Error(`infra/targets/names.ts has no ${type} ${logicalName}`);
    return nameOf(found);
  };
  const bus = () => named("aws:cloudwatch/eventBus:EventBus", "events-bus");
  const connection = () => named("aws:cloudwatch/eventConnection:EventConnection", "pager");
  return {
    get bus() {
      return here("events", `event-bus/${bus()}`);
    },
    get pipe() {
      return here("pipes", `pipe/${named("aws:pipes/pipe:Pipe", "events-pipe")}`);
    },
    rules: (...logicalNames) =>
      logicalNames.map((it) =>
        here("events", `rule/${bus()}/${named("aws:cloudwatch/eventRule:EventRule", it)}`),
      ),
    channels: names.flatMap((it) => {
      const kind = channelKinds[it.type];
      return kind ? [inNoRegion("chatbot", `chat-configuration/${kind}/${nameOf(it)}`)] : [];
    }),
    get connection() {
      return here("events", `connection/${connection()}`);
    },
    get destination() {
      const type = "aws:cloudwatch/eventApiDestination:EventApiDestination";
      return here("events", `api-destination/${named(type, "pager")}`);
    },
    get secrets() {
      return here("secretsmanager", `secret:events!connection/${connection()}/*`);
    },
  };
}

/** Type → the part of its ARN. */
const channelKinds: Readonly<Record<string, string>> = {
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": "slack-channel",
  "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": "microsoft-teams-channel",
};
