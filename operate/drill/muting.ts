import type { Ports } from "./ports.ts";

/** A muting schedule: https://api.sumologic.com/docs/#tag/mutingSchedulesLibraryManagement */
export interface MutingSchedule {
  readonly name: string;
  readonly monitor?: { readonly all?: boolean; readonly ids?: readonly string[] };
  readonly schedule: {
    readonly timezone: string;
    /** `yyyy-mm-dd` */
    readonly startDate: string;
    /** `hh:mm` */
    readonly startTime: string;
    /** Minutes. */
    readonly duration: number;
    /** Absent if it mutes once. */
    readonly rrule?: string;
  };
}

interface LibraryItem {
  readonly id: string;
  readonly contentType: string;
  readonly children?: readonly LibraryItem[];
}

const minute = 60_000;

/** Ids in one bulk read: 100 × 17 characters fit into any URL. */
const atOnce = 100;

/** Every muting schedule of the account, in whatever folder. */
export async function mutingSchedules(
  sumoLogic: Ports["sumoLogic"],
): Promise<readonly MutingSchedule[]> {
  const schedules: MutingSchedule[] = [];
  const { children = [] } = await sumoLogic.get("v1/mutingSchedules/root");
  const waiting: string[] = children.map(({ id }: LibraryItem) => id);
  while (waiting.length > 0) {
    const ids = waiting.splice(0, atOnce).join(",");
    const found: Record<string, LibraryItem> = await sumoLogic.get(`v1/mutingSchedules?ids=${ids}`);
    for (const item of Object.values(found)) {
      if (item.contentType === "Folder") waiting.push(...(item.children ?? []).map(({ id }) => id));
      else schedules.push(item as unknown as MutingSchedule);
    }
  }
  return schedules;
}

/**
 * Whether a schedule mutes a monitor now or later. `place` has the ids of the monitor and of the folders above it.
 * A recurring schedule counts until its rule's UNTIL: when it mutes next makes no difference.
 */
export function mutesAfter(
  { monitor = {}, schedule }: MutingSchedule,
  place: readonly string[],
  nowMs: number,
): boolean {
  const isCovered = monitor.all === true || (monitor.ids ?? []).some((id) => place.includes(id));
  return isCovered && endMs(schedule) > nowMs;
}

function endMs({ timezone, startDate, startTime, duration, rrule }: MutingSchedule["schedule"]) {
  if (rrule === undefined)
    return localMs(`${startDate}T${startTime}`, timezone) + duration * minute;
  const [, year, month, day] = /(?:^|;)UNTIL=(\d{4})(\d\d)(\d\d)/.exec(rrule) ?? [];
  // The end of that day everywhere on Earth.
  return year ? Date.parse(`${year}-${month}-${day}T23:59:59-12:00`) : Number.POSITIVE_INFINITY;
}

/** The time of a clock in a time zone, in milliseconds since 1970; correct to the hour of a clock change. */
function localMs(local: string, timeZone: string): number {
  const asUtcMs = Date.parse(`${local}:00Z`);
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const shownMs = Date.parse(`${format.format(asUtcMs).replace(" ", "T")}Z`);
  return asUtcMs - (shownMs - asUtcMs);
}
