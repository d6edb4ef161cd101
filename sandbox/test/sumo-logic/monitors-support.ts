import {
  critical,
  logged,
  minuteMs as minute,
  missingData,
  resolvedCritical,
  resolvedMissingData,
  monitor as slowMonitor,
  noon as start,
} from "../../sumo-logic/bodies.ts";
import type { Item } from "../../sumo-logic/collection.ts";
import { MonitorState } from "../../sumo-logic/monitors.ts";
import type { LogMessage } from "../../sumo-logic/query.ts";
import type { Due } from "../../sumo-logic/template.ts";

/** More than five messages in ten minutes, resolved when it is five or fewer for five minutes. */
export function monitor(
  change: { critical?: object; resolved?: object } = {},
  others: object = {},
): Item {
  return {
    ...slowMonitor,
    id: "00000000000000A1",
    triggers: [
      { ...critical, ...change.critical },
      { ...resolvedCritical, ...change.resolved },
    ],
    ...others,
  };
}

export const slow = (count: number, timeMs: number) => logged(count, timeMs);

/** A line of each of these instances, as JSON. */
export function slowOf(timeMs: number, ...instances: (string | null)[]): LogMessage[] {
  return instances.flatMap((instance) =>
    logged(1, timeMs, JSON.stringify({ instance_id: instance })),
  );
}

/** The messages of each instance, one alert for each. */
export const grouped = monitor(
  {},
  {
    queries: [
      {
        rowId: "A",
        query:
          '_sourceCategory=web\n| json field=_raw "instance_id" as instance_id nodrop\n| count as slow_count by instance_id',
      },
    ],
    notificationGroupFields: ["instance_id"],
  },
);

/** As many messages, without a field to compare: the number of rows is compared. */
export function rowCount(thresholdType: string, threshold: number, resolved: object = {}): Item {
  const change = { field: undefined, thresholdType, threshold };
  return monitor(
    { critical: change, resolved: { ...change, ...resolved } },
    { queries: [{ rowId: "A", query: '_sourceCategory=web "slow"' }] },
  );
}

export const silent: Item = {
  ...slowMonitor,
  id: "00000000000000A2",
  queries: [{ rowId: "A", query: '_sourceCategory=web "slow"' }],
  triggers: [missingData, resolvedMissingData],
};

/** Evaluates in each minute and returns what is due in which one. */
export function timeline(messages: LogMessage[], minutes: number, it = monitor()): [number, Due][] {
  const state = new MonitorState();
  return Array.from({ length: minutes + 1 }, (_, at) => at).flatMap((at) =>
    state.evaluate(it, messages, start + at * minute).map((due): [number, Due] => [at, due]),
  );
}

export function typesOf(dues: [number, Due][]) {
  return dues.map(([at, { triggerType }]) => [at, triggerType]);
}
