import {
  ApiError,
  type ApiRequest,
  hexId,
  type Item,
  type Kind,
  must,
  oneOf,
} from "./collection.ts";
import { runQuery } from "./query.ts";
import { ownerId } from "./users.ts";

// What only the API enforces, not the Terraform provider: a wrong monitor passes every preview and
// fails at `up`. https://help.sumologic.com/docs/alerts/monitors/create-monitor/ and
// https://api.sumologic.com/docs/#tag/monitorsLibraryManagement

const timeRanges = "2m 5m 10m 15m 30m 60m 180m 360m 720m 1440m 1h 3h 6h 12h 24h 1d".split(" ");
const resolutionWindows = "0m 5m 10m 15m 30m 1h 3h 6h 12h 24h".split(" ");
const thresholdTypes = "LessThan LessThanOrEqual GreaterThan GreaterThanOrEqual".split(" ");
const detectionMethods = ["LogsStaticCondition", "LogsMissingDataCondition"];
const alertTypes = ["Critical", "Warning", "MissingData"];
const triggerTypes = [...alertTypes, ...alertTypes.map((type) => `Resolved${type}`)];
const metadataFields = ["_raw", "_blockid", "_messagetime", "_receipttime", "_messageid"];

export const rootFolder = "0000000000000001";

/** The library of monitors and their folders, which share one API. */
export function libraryKind(connectionIds: () => readonly string[]): Kind {
  return {
    newId: hexId,
    check(item, request, others) {
      checkPlace(item, request, others);
      checkName(item.name);
      if (item.contentType === "Monitor") checkMonitor(item, connectionIds());
    },
    // The provider sends them empty.
    complete: () => ({ createdBy: ownerId, modifiedBy: ownerId }),
    show({ isSystemDisabled, ...item }) {
      const type = `${item.type.replace(/Update$/, "")}Response`;
      if (item.contentType !== "Monitor") return { ...item, type };
      const status = [item.isDisabled || isSystemDisabled ? "Disabled" : "Normal"];
      return { ...item, type, status };
    },
  };
}

function checkPlace(item: Item, { method, query }: ApiRequest, others: readonly Item[]): void {
  oneOf("contentType", item.contentType, ["Folder", "Monitor"]);
  const type = `MonitorsLibrary${item.contentType}`;
  oneOf("type", item.type, [method === "PUT" ? `${type}Update` : type]);
  if (method === "POST") checkParent(query.get("parentId"), others);
}

export function checkParent(parentId: string | null, items: readonly Item[]): void {
  const folders = items.filter((it) => it.contentType === "Folder").map(({ id }) => id);
  oneOf("parentId", parentId, [rootFolder, ...folders]);
}

function checkName(name: unknown): void {
  const isRight = typeof name === "string" && /^[^\s/]([^/]*[^\s/])$/.test(name);
  must(isRight, "name", name, "two or more characters, no slash, no space at either end");
}

function checkMonitor(monitor: Item, connectionIds: readonly string[]): void {
  oneOf("monitorType", monitor.monitorType, ["Logs"]);
  must(monitor.queries?.length === 1, "queries", monitor.queries, "one query");
  const [{ query }] = monitor.queries;
  must(query?.length <= 15_000, "queries[0].query", query?.length, "at most 15,000 characters");
  checkQuery(query);
  checkTriggers(monitor.triggers);
  must(
    monitor.groupNotifications === true,
    "groupNotifications",
    monitor.groupNotifications,
    "true",
  );
  checkGroupFields(monitor.notificationGroupFields ?? []);
  const { playbook = "" } = monitor;
  const isPlaybook = typeof playbook === "string" && playbook.length <= 4096;
  must(isPlaybook, "playbook", String(playbook).length, "a string of at most 4,096 characters");
  for (const notification of monitor.notifications ?? []) {
    checkNotification(notification, connectionIds);
  }
}

/** The API refuses queries that it cannot parse; the sandbox those that it cannot run. */
function checkQuery(query: string): void {
  try {
    runQuery(query, []);
  } catch (error) {
    throw new ApiError(400, "parse.error", (error as Error).message);
  }
}

function checkTriggers(triggers: Item[] | undefined): void {
  must(Boolean(triggers?.length), "triggers", triggers, "at least one");
  for (const trigger of triggers ?? []) {
    oneOf("triggerType", trigger.triggerType, triggerTypes);
    oneOf("detectionMethod", trigger.detectionMethod, detectionMethods);
    oneOf("timeRange", String(trigger.timeRange).replace(/^-/, ""), timeRanges);
    if (trigger.resolutionWindow) {
      oneOf("resolutionWindow", trigger.resolutionWindow, resolutionWindows);
    }
    const isMissing = trigger.triggerType.endsWith("MissingData");
    const isMissingMethod = trigger.detectionMethod === "LogsMissingDataCondition";
    must(isMissing === isMissingMethod, "detectionMethod", trigger.detectionMethod, "its own kind");
    if (!isMissing) checkThreshold(trigger);
    const [, alertType] = /^(?:Resolved)?(.*)$/.exec(trigger.triggerType) ?? [];
    const pair = triggers?.filter((it) => it.triggerType.replace("Resolved", "") === alertType);
    const types = new Set(pair?.map((it) => it.triggerType));
    const isPair = pair?.length === 2 && types.size === 2;
    must(isPair, "triggers", trigger.triggerType, "a pair of alert and resolution");
    must(
      new Set(pair?.map(({ timeRange }) => timeRange)).size === 1,
      "timeRange",
      trigger.timeRange,
      "the same for alert and resolution",
    );
  }
}

function checkThreshold({ threshold, thresholdType }: Item): void {
  // The provider's request has no threshold where the program says 0.
  must(typeof threshold === "number", "threshold", threshold, "a number; 0 is lost on the way");
  must(threshold <= 1000, "threshold", threshold, "at most 1,000 for logs");
  oneOf("thresholdType", thresholdType, thresholdTypes);
}

function checkGroupFields(fields: string[]): void {
  must(fields.length <= 10, "notificationGroupFields", fields, "at most 10");
  for (const field of fields) {
    const isRight = !metadataFields.includes(field) && !field.startsWith("_");
    must(isRight, "notificationGroupFields", field, "no metadata and no aggregate of Sumo Logic");
  }
}

function checkNotification({ notification, runForTriggerTypes }: Item, ids: readonly string[]) {
  must(runForTriggerTypes?.length > 0, "runForTriggerTypes", runForTriggerTypes, "at least one");
  for (const type of runForTriggerTypes) oneOf("runForTriggerTypes", type, triggerTypes);
  oneOf("connectionType", notification.connectionType, ["Email", "Webhook"]);
  if (notification.connectionType === "Webhook") {
    oneOf("connectionId", notification.connectionId, ids);
    return;
  }
  must(notification.recipients?.length > 0, "recipients", notification.recipients, "addresses");
  for (const field of ["subject", "messageBody", "timeZone"]) {
    must(Boolean(notification[field]), field, notification[field], "text");
  }
}
