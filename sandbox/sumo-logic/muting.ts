import {
  ApiError,
  type ApiRequest,
  type Collection,
  hexId,
  type Item,
  type Kind,
  must,
  oneOf,
  type Reply,
} from "./collection.ts";

// https://api.sumologic.com/docs/#tag/mutingSchedulesLibraryManagement

/** The root folder of the library of muting schedules. */
const rootId = "0000000000000002";

const fields = ["id", "name", "description", "type", "contentType", "monitor", "schedule"];
const scheduleFields = ["timezone", "startDate", "startTime", "duration", "rrule", "isForm"];

/** Muting schedules. The sandbox keeps and returns them, and mutes nothing. */
export function mutingKind(isInLibrary: (id: string) => boolean): Kind {
  return {
    newId: hexId,
    check(item, { method, query }) {
      if (method === "POST") oneOf("parentId", query.get("parentId"), [rootId]);
      known("muting schedule", item, fields);
      oneOf("type", item.type, ["MutingSchedulesLibraryMutingSchedule"]);
      must(typeof item.name === "string" && item.name !== "", "name", item.name, "text");
      checkScope(item.monitor, isInLibrary);
      checkSchedule(item.schedule);
    },
    show: (item) => ({ ...item, type: `${item.type}Response`, contentType: "MutingSchedule" }),
  };
}

/** The calls that read several: the root folder with its children, and a bulk read by `ids`. */
export function replyToMuting(
  { method, path, query }: ApiRequest,
  schedules: Collection,
): Reply | undefined {
  if (method !== "GET") return undefined;
  const shown = (id: string) =>
    schedules.reply({ method, path, query, headers: {}, body: {} }, id).body ?? {};
  if (path === "v1/mutingSchedules/root") {
    const children = [...schedules.items.keys()].map(shown);
    const type = "MutingSchedulesLibraryFolderResponse";
    return { status: 200, body: { id: rootId, type, contentType: "Folder", children } };
  }
  if (path !== "v1/mutingSchedules") return undefined;
  const ids = query.get("ids")?.split(",") ?? [];
  if (ids.length === 0) throw new ApiError(400, "invalid_field", "ids is missing");
  const found = ids.filter((id) => schedules.items.has(id));
  return { status: 200, body: Object.fromEntries(found.map((id) => [id, shown(id)])) };
}

function checkScope(scope: Item | undefined, isInLibrary: (id: string) => boolean): void {
  const { all = false, ids = [] } = scope ?? {};
  known("monitor", scope ?? {}, ["all", "ids"]);
  must(typeof all === "boolean", "monitor.all", all, "true or false");
  must(Array.isArray(ids), "monitor.ids", ids, "a list");
  must(all === (ids.length === 0), "monitor.ids", ids, "ids, or none if all is true");
  for (const id of ids) must(isInLibrary(id), "monitor.ids", id, "a monitor or folder");
}

function checkSchedule(schedule: Item | undefined): void {
  const { timezone, startDate, startTime, duration, rrule } = schedule ?? {};
  known("schedule", schedule ?? {}, scheduleFields);
  must(isTimeZone(timezone), "schedule.timezone", timezone, "an IANA time zone");
  must(/^\d{4}-\d\d-\d\d$/.test(startDate), "schedule.startDate", startDate, "yyyy-mm-dd");
  must(/^\d\d:\d\d$/.test(startTime), "schedule.startTime", startTime, "hh:mm");
  must(Number.isInteger(duration) && duration > 0, "schedule.duration", duration, "minutes");
  const isRule = rrule === undefined || /^FREQ=[A-Z]+(;[A-Z]+=[\w,+-]+)*$/.test(rrule);
  must(isRule, "schedule.rrule", rrule, "a recurrence rule, for example FREQ=DAILY");
}

function isTimeZone(zone: unknown): boolean {
  if (typeof zone !== "string") return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function known(where: string, item: Item, names: readonly string[]): void {
  const unknown = Object.keys(item).filter((key) => !names.includes(key));
  must(unknown.length === 0, where, unknown, `only ${names.join(", ")}`);
}
