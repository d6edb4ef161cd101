import {
  DisableRuleCommand,
  EventBridgeClient,
  ListApiDestinationsCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
  UpdateApiDestinationCommand,
  UpdateEventBusCommand,
} from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { DescribePipeCommand, PipesClient, StopPipeCommand } from "@aws-sdk/client-pipes";
import type { AwsTarget } from "../../../../sandbox/aws/provider/aws-target.ts";
import { found, type ManualChange } from "./manual-change.ts";
import { ofRole } from "./role.ts";

/** The roles of the options, by their logical names. */
export const optionRoles = ["events-pipe-role", "chat-role", "pager-role", "bus-role"];

/** Changes of what the options add. The pipe has an automatic name. */
export function ofOptions(target: AwsTarget, pipeName: string): ManualChange[] {
  const iam = new IAMClient(target);
  return [
    ...ofEvents(new EventBridgeClient(target)),
    ...ofPipe(new PipesClient(target), pipeName),
    // The chat's role has no policy.
    ...optionRoles
      .flatMap((it) => ofRole(iam, it))
      .filter(({ resource: [, name] }) => name !== "chat-role-policy"),
  ];
}

function ofEvents(events: EventBridgeClient): ManualChange[] {
  const busName = async () => {
    const { EventBuses = [] } = await events.send(new ListEventBusesCommand({}));
    return found(EventBuses.find((it) => it.Name?.includes("events-bus")));
  };
  const rule = async () => {
    const EventBusName = (await busName()).Name;
    const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName }));
    return found(Rules.find((it) => it.Name?.includes("-chat-")));
  };
  const targets = async () => {
    const { Name: Rule, EventBusName } = await rule();
    const { Targets = [] } = await events.send(
      new ListTargetsByRuleCommand({ Rule, EventBusName }),
    );
    return Targets;
  };
  const destination = async () => {
    const { ApiDestinations = [] } = await events.send(new ListApiDestinationsCommand({}));
    return found(ApiDestinations.find((it) => it.Name?.includes("-pager-")));
  };
  return [
    {
      title: "the bus's description",
      resource: ["aws:cloudwatch:EventBus", "events-bus"],
      change: async () =>
        events.send(
          new UpdateEventBusCommand({ Name: (await busName()).Name, Description: "mine" }),
        ),
      read: async () => (await busName()).Description,
    },
    {
      title: "a rule that is disabled",
      resource: ["aws:cloudwatch:EventRule", "chat"],
      change: async () => {
        const { Name, EventBusName } = await rule();
        return events.send(new DisableRuleCommand({ Name, EventBusName }));
      },
      read: async () => (await rule()).State,
    },
    {
      title: "a rule without its target",
      resource: ["aws:cloudwatch:EventTarget", "chat"],
      change: async () => {
        const { Name: Rule, EventBusName } = await rule();
        const Ids = (await targets()).flatMap(({ Id }) => Id ?? []);
        return events.send(new RemoveTargetsCommand({ Rule, EventBusName, Ids }));
      },
      read: targets,
    },
    {
      title: "the rate of the API destination",
      resource: ["aws:cloudwatch:EventApiDestination", "pager"],
      change: async () =>
        events.send(
          new UpdateApiDestinationCommand({
            Name: (await destination()).Name,
            InvocationRateLimitPerSecond: 10,
          }),
        ),
      read: async () => (await destination()).InvocationRateLimitPerSecond,
    },
  ];
}

function ofPipe(pipes: PipesClient, Name: string): ManualChange[] {
  return [
    {
      title: "the pipe that is stopped",
      resource: ["aws:pipes:Pipe", "events-pipe"],
      change: () => pipes.send(new StopPipeCommand({ Name })),
      read: async () => (await pipes.send(new DescribePipeCommand({ Name }))).DesiredState,
    },
  ];
}
