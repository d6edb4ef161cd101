import type { Link } from "./link.ts";
import { mutesAfter, mutingSchedules } from "./muting.ts";
import type { Ports } from "./ports.ts";
import { SumoLogicError } from "./sumo-logic.ts";

type SumoLogic = Ports["sumoLogic"];

/** The links that find a monitor which seems right, but never calls anybody. */
export const monitorLinks: readonly Link[] = [
  {
    name: "Sumo Logic has not disabled a monitor",
    async check({ stack, sumoLogic }) {
      const states: string[] = [];
      for (const id of monitorIds(stack)) {
        const { name, isDisabled, status = [], warnings = {} } = await monitorOf(sumoLogic, id);
        if (!isDisabled && status.includes("Disabled")) {
          throw new Error(
            `"${name}" is enabled, but Sumo Logic does not run it. The search \`${reasonQuery(id)}\` shows why; ` +
              "fix that, then disable the monitor and enable it again",
          );
        }
        states.push([`"${name}" is ${status.join(", ")}`, ...Object.values(warnings)].join("; "));
      }
      return states.join(", ");
    },
  },
  {
    name: "no muting schedule covers a monitor",
    async check({ stack, sumoLogic, now }) {
      const schedules = await mutingSchedules(sumoLogic);
      const muted: string[] = [];
      for (const id of monitorIds(stack)) {
        const { name } = await monitorOf(sumoLogic, id);
        const { pathItems } = await sumoLogic.get(`v1/monitors/${id}/path`);
        const place: string[] = pathItems.map((it: { id: string }) => it.id);
        for (const schedule of schedules) {
          if (mutesAfter(schedule, place, now())) muted.push(`"${schedule.name}" mutes "${name}"`);
        }
      }
      if (muted.length > 0) {
        throw new Error(
          `${muted.join(", ")}: an alert that begins meanwhile never reaches the function. ` +
            "Delete the schedule or exclude the monitor; to prevent reboots, use `npm run mode -- off`",
        );
      }
      return `${schedules.length} schedules`;
    },
  },
  {
    name: "the monitors belong to an existing user",
    async check({ stack, sumoLogic }) {
      const owners = new Set<string>();
      for (const id of monitorIds(stack)) {
        const { name, createdBy } = await monitorOf(sumoLogic, id);
        const owner = await ownerOf(sumoLogic, createdBy);
        if (owner === undefined) {
          throw new Error(
            `"${name}" belongs to ${createdBy}, which is neither a user nor a service account any more: the monitor ` +
              "can stop. Set the access key of a service account, then run " +
              `\`pulumi up --target-replace '**::${logicalNameOf(id, stack)}'\``,
          );
        }
        owners.add(owner);
      }
      return [...owners].join(", ");
    },
  },
];

/** The monitor. Throws if a person or Sumo Logic disabled it. */
export async function enabledMonitor(sumoLogic: SumoLogic, id: string) {
  const monitor = await monitorOf(sumoLogic, id);
  if (monitor.isDisabled) {
    throw new Error(
      `"${monitor.name}" is disabled: run \`pulumi up --refresh\`. If nobody disabled it, Sumo Logic did, and the ` +
        `search \`${reasonQuery(id)}\` shows why`,
    );
  }
  return monitor;
}

function monitorIds({ monitorId, silenceMonitorIds }: Ports["stack"]): readonly string[] {
  return [monitorId, ...Object.values(silenceMonitorIds)];
}

/** The name of a monitor's resource in the program. */
function logicalNameOf(id: string, { monitorId, instanceIds, silenceMonitorIds }: Ports["stack"]) {
  if (id === monitorId) return "latency";
  if (instanceIds.length === 1) return "silence";
  return `silence-${instanceIds.find((it) => silenceMonitorIds[it] === id)}`;
}

/** https://api.sumologic.com/docs/#operation/monitorsReadById : `MonitorsLibraryMonitorResponse`. */
function monitorOf(sumoLogic: SumoLogic, id: string) {
  return sumoLogic.get(`v1/monitors/${id}`);
}

/** https://help.sumologic.com/docs/alerts/monitors/monitor-faq/ */
function reasonQuery(monitorId: string): string {
  return `_index=sumologic_system_events MonitorSystemDisabled ${monitorId}`;
}

/** The e-mail address of a user, or the name of a service account; undefined if neither exists. */
async function ownerOf(sumoLogic: SumoLogic, id: string): Promise<string | undefined> {
  const user = await unlessMissing(sumoLogic.get(`v1/users/${id}`));
  if (user) return user.isActive === false ? `${user.email} (deactivated)` : user.email;
  const account = await unlessMissing(sumoLogic.get(`v1/serviceAccounts/${id}`));
  return account && `service account ${account.name}`;
}

async function unlessMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SumoLogicError && error.status === 404) return undefined;
    throw error;
  }
}
