import type { SendMessageCommandInput } from "@aws-sdk/client-sqs";
import type { Clients } from "../../../handler/aws-clients.ts";
import type { GroupLimits } from "../../../handler/group/decide-in-group.ts";
import type { Targets } from "../../../handler/group/group.ts";
import type { DeployedOptions } from "../../../handler/options.ts";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { TableModel } from "../incidents/table-model.ts";
import { alert, makeHandler, nowMs, queueEvent, running } from "../support.ts";

export const { groupOf } =
  loadProgram<typeof import("../../../handler/group/group.ts")>("handler/group/group.ts");

export const minute = 60_000;
export const hour = 60 * minute;

/** `i-0…0a`, `i-0…0b`, and so on. */
export function instancesOf(count: number): [string, ...string[]] {
  const ids = Array.from(
    { length: count },
    (_, index) => `i-${(index + 10).toString(16).padStart(17, "0")}`,
  );
  return [ids[0] ?? "", ...ids.slice(1)];
}

export const limits: GroupLimits = {
  maxAffectedPercent: 34,
  maxRebootingAtOnce: 1,
  maxRebootsPerDayInGroup: 6,
};

interface GroupSettings {
  readonly count?: number;
  readonly limits?: Partial<GroupLimits>;
  readonly targets?: Targets;
  readonly options?: Partial<DeployedOptions>;
  readonly clients?: Partial<Clients>;
  readonly remainingMs?: () => number;
}

/** The handler of a group over a table in memory, with a clock that a test sets. */
export function makeGroup({
  count = 3,
  targets,
  options = {},
  clients = {},
  remainingMs = () => 50_000,
  ...settings
}: GroupSettings = {}) {
  const table = new TableModel();
  const clock = { nowMs };
  const instanceIds = instancesOf(count);
  const group = groupOf({
    windowMinutes: 10,
    limits: { ...limits, ...settings.limits },
    ...(targets && { targets }),
  });
  const handler = makeHandler({
    ...table.clients,
    describeInstanceStatus: async ({ InstanceIds: [InstanceId = ""] = [] }) => ({
      $metadata: {},
      InstanceStatuses: [{ ...running, InstanceId }],
    }),
    remainingMs,
    ...clients,
    options: { instanceIds, group, now: () => clock.nowMs, ...options },
  });
  const event = (triggerType: string, instanceId: string, number: number) =>
    alert({
      triggerType,
      instanceId,
      windowStartMs: String(clock.nowMs - 12 * minute),
      windowEndMs: String(clock.nowMs - 2 * minute),
      alertUrl: `https://service.sumologic.com/ui/#/alert/${number}`,
    });
  /** The messages that were queued since the last call. */
  const takeMessages = (): SendMessageCommandInput[] => handler.messages.splice(0);
  return {
    ...handler,
    table,
    clock,
    instanceIds,
    takeMessages,
    /** The webhook of an alert. */
    fire: (instanceId: string, number: number) =>
      handler.post(event("Critical", instanceId, number)),
    /** The webhook of its resolution. */
    resolve: (instanceId: string, number: number) =>
      handler.post(event("ResolvedCritical", instanceId, number)),
    /** Ten seconds later: delivers what was queued, and returns the messages that go back to the queue. */
    async decide(messages = takeMessages()) {
      clock.nowMs += 10_000;
      const returned: string[] = [];
      for (const { MessageBody } of messages)
        returned.push(...(await handler.check(queueEvent(MessageBody))));
      return returned;
    },
    group: () => table.items.get("group") ?? {},
    outcomes: () => handler.records.map(({ outcome }) => outcome),
  };
}
