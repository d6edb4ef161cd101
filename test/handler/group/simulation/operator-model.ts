import { setMode } from "../../../../operate/mode/mode.ts";
import type { Mode } from "../../../../operate/mode/request.ts";
import type { TableModel } from "../../incidents/table-model.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

const minuteMs = 60_000;

/** The payload of a manual invocation. */
export interface Payload {
  readonly instanceId: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** A change of the kill switch, as `npm run mode` makes it. */
export interface Switch {
  /** The instance, or `group` for all of them. */
  readonly target: string;
  readonly mode: Mode;
  /** When the mode ends by itself; undefined if it lasts until it is changed. */
  readonly untilMs: number | undefined;
}

interface Environment {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly table: TableModel;
  /** All instances of EC2, whether in the group or not. */
  readonly instanceIds: readonly string[];
  /** The instances of the stack now. */
  readonly memberIds: () => readonly string[];
  /** The instances with an open alert: people switch them more often than others. */
  readonly slowIds: () => readonly string[];
  readonly invoke: (payload: Payload) => void;
  readonly switched: (change: Switch) => void;
}

/** The people who run the stack: they reboot instances, and use the kill switch of one instance or of all. */
export class OperatorModel {
  private readonly environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** Reboots an instance manually; also one that is not in the group. */
  reboot(instanceIds: readonly string[] = this.environment.instanceIds): void {
    const { random, invoke } = this.environment;
    const [instanceId = ""] = random.some(instanceIds, 1);
    invoke({ instanceId, force: random.chance(0.5), dryRun: random.chance(0.1) });
  }

  /** Forbids reboots, and allows them again later: by a time that the mode names, or by another change. */
  switchOff(): void {
    const { random, timeline, memberIds, slowIds } = this.environment;
    const members = memberIds();
    const slow = slowIds().filter((it) => members.includes(it));
    const some = random.some(slow.length > 0 && random.chance(0.8) ? slow : members, 1);
    const isAll = random.chance(0.3);
    const instanceIds = isAll ? members : some;
    const target = isAll ? "group" : (some[0] ?? "");
    const forMinutes = random.pick([5, 20, 120, undefined]);
    const forMs = forMinutes && forMinutes * minuteMs;
    this.set(target, random.pick(["off", "off", "dryrun"]), forMs);
    if (random.chance(0.3)) {
      timeline.after(random.between(0, 4) * minuteMs, () => this.reboot(instanceIds));
    }
    if (forMs !== undefined && random.chance(0.7)) return;
    const minutes = random.pick([2, 20, 240]) * random.between(0.5, 1.5);
    timeline.after(minutes * minuteMs, () => this.set(target, "on", undefined));
  }

  private set(target: string, mode: Mode, forMs: number | undefined): void {
    const { timeline, table, switched } = this.environment;
    const nowMs = Math.floor(timeline.nowMs);
    const db = { send: async ({ input }: { input: never }) => table.clients.updateItem(input, 0) };
    const place = { db: db as never, tableName: "table", instanceId: target };
    // The write happens at this moment.
    void setMode(target === "group" ? { ...place, otherCount: 1 } : place, {
      mode,
      reason: "test",
      nowMs,
      forMs,
    });
    switched({ target, mode, untilMs: forMs === undefined ? undefined : nowMs + forMs });
  }
}
