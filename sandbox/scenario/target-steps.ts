import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";
import { notifyTargets } from "../../operate/drill/notify.ts";
import type { ChatMessage } from "../aws/chat/channel.ts";
import { type Chat, openChat } from "../aws/chat/open-chat.ts";
import type { BusEvent } from "../aws/events/bus.ts";
import type { Environment } from "../environment.ts";
import { externalArns, targetSettings } from "./all-options.ts";
import { writePackConfig } from "./pack-config.ts";
import type { StackOutputs } from "./stack-client.ts";
import { expect, type Step } from "./steps.ts";

/** The event bus that one of the settings names. */
const [centralBus = ""] = externalArns;

/** What the steps need of the scenario once it runs. */
interface Running {
  readonly environment: Environment;
  readonly stack: StackOutputs;
}

/** The steps of `npm start -- --all`, by the moment of the scenario that they follow. */
export interface TargetSteps {
  /** The options of an engine whose stack has all targets. Writes the policy pack's configuration to the folder. */
  engineOptions(folder: string): {
    readonly settings: ConfigMap;
    readonly policyPackConfig: string;
  };
  readonly deployed: readonly Step[];
  readonly rebooted: readonly Step[];
  readonly recovered: readonly Step[];
  readonly notRecovered: readonly Step[];
  stop(): void;
}

/** Steps that show what arrives in the chat, the pager and a team's event bus. */
export function createTargetSteps(running: () => Running): TargetSteps {
  let onBus: readonly BusEvent[];
  let chat: Chat;
  /** The thread of the incident that recovers. */
  let recoveredThread: string | undefined;

  /** The threads of each channel; all channels have the same. */
  const threads = () => {
    const [first, ...others] = [...chat.channels.values()];
    const same = others.every(
      (it) => JSON.stringify(it.threads) === JSON.stringify(first?.threads),
    );
    expect(same, "the channels have different messages");
    const dropped = first?.dropped.map(({ reason }) => reason) ?? [];
    expect(dropped.length === 0, `Amazon Q dropped a message: ${dropped.join("; ")}`);
    return first?.threads ?? [];
  };
  const settled = () => running().environment.events.idle();
  const threadWith = (title: string) =>
    threads().find(({ messages }) => messages.some((it) => it.title.startsWith(title)));
  const noPage = () => {
    const { alerts } = running().environment.pagerDuty;
    expect(alerts.length === 0, `PagerDuty has ${alerts.length} alerts`);
  };

  const deployed: Step[] = [
    {
      name: "the chat's channels, the pager and an event bus of another account are connected",
      async run() {
        const { environment, stack } = running();
        const { channels } = environment.gateway.services.chatbot;
        chat = await openChat(environment.aws, channels.values(), stack.chatTopicArn ?? "");
        onBus = environment.events.openForeignBus(centralBus);
        return [
          `Amazon Q Developer: ${[...chat.channels.keys()].join(", ")}`,
          `PagerDuty's Events API on port ${environment.pagerDuty.port} of this machine`,
          centralBus,
        ];
      },
    },
  ];

  const rebooted: Step[] = [
    {
      name: "the reboot arrives in one thread of the chat and on the bus; nobody is paged",
      async run() {
        await settled();
        const thread = threadWith("Rebooted EC2 instance ");
        recoveredThread = thread?.threadId;
        const titles = titlesOf(thread?.messages);
        expect(threads().length === 1, `the chat has ${threads().length} threads`);
        expect(
          titles.join() === "Reboot claimed,Rebooted",
          `the thread has the messages ${titles.join()}`,
        );
        noPage();
        const types = onBus.map((it) => it["detail-type"]);
        expect(
          types.join() === "Reboot Claimed,Instance Rebooted",
          `the bus received ${types.join()}`,
        );
        return [...show(thread), `on the bus: ${types.join(", ")}`];
      },
    },
  ];

  const recovered: Step[] = [
    {
      name: "the recovery arrives in the same thread, the suppressed alert in its own",
      async run() {
        await settled();
        const thread = threadWith("Recovered: EC2 instance ");
        const suppressed = threadWith("NOT rebooted: suppressed ");
        expect(thread?.threadId === recoveredThread, "the recovery has another thread");
        expect(titlesOf(thread?.messages).at(-1) === "Recovered", "the recovery is not the last");
        expect(
          suppressed?.messages.length === 1,
          "not exactly one message about suppressed alerts",
        );
        noPage();
        return [...show(thread), ...show(suppressed)];
      },
    },
  ];

  const notRecovered: Step[] = [
    {
      name: "the reboot that did not help pages: one alert is triggered, of severity critical",
      async run() {
        await settled();
        const thread = threadWith("NOT recovered after the reboot: ");
        const { alerts, refused } = running().environment.pagerDuty;
        const [alert, ...others] = alerts;
        expect(refused.length === 0, `PagerDuty refused: ${refused[0]?.reason}`);
        expect(alert !== undefined && others.length === 0, `PagerDuty has ${alerts.length} alerts`);
        expect(alert.state === "triggered", `the alert is ${alert.state}`);
        expect(alert.severity === "critical", `the alert's severity is ${alert.severity}`);
        expect(alert.dedupKey === thread?.threadId, "the alert belongs to another incident");
        return [...show(thread), `PagerDuty: ${alert.state}, ${alert.severity}: ${alert.summary}`];
      },
    },
    {
      name: "the drill with --notify: PagerDuty's alert is triggered and resolved",
      async run() {
        const { environment, stack } = running();
        const events = new EventBridgeClient(environment.aws);
        const now = () => environment.clock.now();
        const drilled = { ...stack, instanceIds: [stack.instanceId] } as const;
        const sent = await notifyTargets({ stack: drilled, events, now, sleep: settled });
        await settled();
        const alert = environment.pagerDuty.alerts.at(-1);
        expect(alert?.dedupKey.startsWith("drill-") === true, "the test's alert did not arrive");
        expect(alert.state === "resolved", `the alert is ${alert.state}`);
        expect(alert.severity === "info", `the alert's severity is ${alert.severity}`);
        return [
          sent,
          ...show(threadWith("Notification test ")),
          `PagerDuty: ${alert.state}: ${alert.summary}`,
        ];
      },
    },
  ];

  return {
    engineOptions(folder) {
      return {
        settings: targetSettings,
        policyPackConfig: writePackConfig(folder, { "foreign-arn": { external: externalArns } }),
      };
    },
    deployed,
    rebooted,
    recovered,
    notRecovered,
    stop: () => chat?.stop(),
  };
}

/** The titles without the instance. */
function titlesOf(messages: readonly ChatMessage[] = []): string[] {
  return messages.map(({ title }) => title.replace(/:? EC2 instance i-\w+$/, ""));
}

function show(thread: { threadId?: string; messages: readonly ChatMessage[] } | undefined) {
  return [
    `thread ${thread?.threadId}`,
    ...(thread?.messages ?? []).map(({ title, description, nextSteps }) =>
      [`  ${title}`, description, nextSteps.join(" ")].join(" | "),
    ),
  ];
}
