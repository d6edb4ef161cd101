import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeEventBusCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import type { Clock } from "../../clock.ts";
import { waitFor } from "../../wait.ts";
import type { EmulatorTarget } from "../emulator.ts";
import { unlessGone } from "../provider/aws-target.ts";
import { eventAccess } from "./access.ts";
import {
  type ApiDestination,
  type Connection,
  createDestinations,
  type SendRequest,
} from "./api-destination.ts";
import type { DeliveryError } from "./attempt.ts";
import { type BusEvent, type Delivery, EventBuses, type Rule, type Target } from "./bus.ts";
import { type EventCall, type EventFaultRule, withFault } from "./event-fault.ts";
import type { Pipe, PutEntry } from "./pipe.ts";
import { RunningPipe } from "./running-pipe.ts";
import { EventTargets } from "./targets.ts";

/** The pipes, API destinations and connections that there are now. */
export interface EventSources {
  pipes(): Iterable<Pipe>;
  destinations(): Iterable<ApiDestination>;
  connections(): Iterable<Connection>;
}

/** Pipes and event buses, which the emulator does not run. */
export interface Events {
  /** What became of the events at the targets of rules, in the order in which that was certain. */
  readonly deliveries: readonly Delivery[];
  /** Decides which calls of pipes and rules go wrong, and how; none without a rule. */
  faults: EventFaultRule | undefined;
  /** Puts an event on a bus for a caller that may do so. Returns its id, or why it was refused. */
  put(busArn: string, entry: PutEntry): Promise<string | DeliveryError>;
  /** Lets a bus of another account accept events of this one; returns what arrives there, the oldest first. */
  openForeignBus(busArn: string): readonly BusEvent[];
  /** Resolves when no record and no event waits; one that waits for a retry needs the clock to advance. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** How often a pipe reads its stream; AWS does it four times a second. */
const pollMs = 100;

/**
 * Runs all pipes and rules with the rights that AWS requires: a pipe has those of its role, a rule those of its
 * target's policy or role. Ages and retries are measured by the sandbox's clock.
 */
export function startEvents({
  emulator,
  clock,
  sources,
  sendRequest,
}: {
  emulator: EmulatorTarget;
  clock: Clock;
  sources: EventSources;
  sendRequest: SendRequest;
}): Events {
  const access = eventAccess(emulator);
  const eventBridge = new EventBridgeClient(emulator);
  const call = <T>(it: EventCall, act: () => Promise<T>) => withFault(events.faults?.(it), act);
  const buses: EventBuses = new EventBuses({
    clock,
    rulesOf: (busArn) => rulesOf(eventBridge, busArn),
    invoke: (invocation) => targets.invoke(invocation),
    deadLetter: (queueArn, rule, letter) => targets.deadLetter(queueArn, rule, letter),
  });
  const targets: EventTargets = new EventTargets(emulator, {
    access,
    destinations: sources.destinations,
    connections: sources.connections,
    invokeDestination: createDestinations(clock, sendRequest),
    async forward(busArn, event) {
      const arrived = foreignBuses.get(busArn);
      if (arrived) arrived.push(event);
      else await buses.forward(busArn, event);
    },
    call,
  });
  const put: Events["put"] = (busArn, entry) => buses.put(busArn, entry);
  const tools = {
    emulator,
    clock,
    access,
    put,
    sendMessage: (queueArn: string, letter: Parameters<typeof targets.sendMessage>[1]) =>
      targets.sendMessage(queueArn, letter),
    call,
  };
  const foreignBuses = new Map<string, BusEvent[]>();
  const pipes = new Map<string, RunningPipe>();
  const attempts = new Set<Promise<void>>();
  const stopped = new AbortController();
  let idleRounds = 0;

  function updatePipes(): void {
    const current = new Map([...sources.pipes()].map((pipe) => [pipe.Arn, pipe]));
    for (const arn of pipes.keys()) if (!current.has(arn)) pipes.delete(arn);
    for (const [arn, pipe] of current) {
      const running = pipes.get(arn);
      if (running) running.update(pipe);
      else pipes.set(arn, new RunningPipe(pipe, tools));
    }
  }

  /** A target that does not respond must not delay anything else. */
  function startAttempts(): void {
    if (buses.pendingCount === 0) return;
    const attempt = buses.run().finally(() => attempts.delete(attempt));
    attempts.add(attempt);
  }

  const loop = (async () => {
    while (!stopped.signal.aborted) {
      updatePipes();
      const empty = await Promise.all([...pipes.values()].map((it) => it.run()));
      const isIdle = empty.every((it) => it) && buses.pendingCount === 0 && attempts.size === 0;
      idleRounds = isIdle ? idleRounds + 1 : 0;
      startAttempts();
      await sleep(pollMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  })();

  const events: Events = {
    deliveries: buses.deliveries,
    faults: undefined,
    put,
    openForeignBus(busArn) {
      const arrived: BusEvent[] = [];
      foreignBuses.set(busArn, arrived);
      return arrived;
    },
    async idle() {
      updatePipes();
      if (pipes.size === 0 && buses.pendingCount === 0 && attempts.size === 0) return;
      idleRounds = 0;
      // The round that runs now may have read the stream before the last write.
      await waitFor("the end of all deliveries", () => idleRounds >= 2);
    },
    async stop() {
      stopped.abort();
      await Promise.all([loop, ...attempts]);
    },
  };
  return events;
}

/** The rules of a bus, with their targets; nothing if there is no such bus. */
async function rulesOf(events: EventBridgeClient, busArn: string): Promise<Rule[] | undefined> {
  const [, EventBusName = ""] = busArn.split(":event-bus/");
  const described = events.send(new DescribeEventBusCommand({ Name: EventBusName }));
  // A bus of this name may belong to another account or region.
  if ((await unlessGone(described))?.Arn !== busArn) return undefined;
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName }));
  return Promise.all(
    Rules.map(async ({ Name: Rule, Arn = "", EventPattern, State }) => {
      const command = new ListTargetsByRuleCommand({ Rule, EventBusName });
      const { Targets = [] } = await events.send(command);
      return {
        Arn,
        ...(EventPattern && { EventPattern }),
        ...(State && { State }),
        targets: Targets as Target[],
      };
    }),
  );
}
