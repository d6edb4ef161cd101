import { hexId, type Item, type Kind, must, oneOf } from "./collection.ts";
import { runQuery } from "./query.ts";

// https://api.sumologic.com/docs/#tag/dashboardManagement ; lengths that only the provider checks are those of
// https://github.com/SumoLogic/terraform-provider-sumologic/blob/master/sumologic/resource_sumologic_dashboard.go

const dashboardFields = [
  "id",
  "title",
  "description",
  "folderId",
  "topologyLabelMap",
  "domain",
  "refreshInterval",
  "timeRange",
  "panels",
  "layout",
  "variables",
  "theme",
  "coloringRules",
];
const panelFields = [
  "id",
  "key",
  "title",
  "visualSettings",
  "keepVisualSettingsConsistentWithParent",
  "panelType",
];
const fieldsOfPanel: Readonly<Record<string, readonly string[]>> = {
  TextPanel: ["text"],
  SumoSearchPanel: ["queries", "description", "timeRange", "coloringRules", "linkedDashboards"],
};
const queryFields = [
  "queryString",
  "queryType",
  "queryKey",
  "parseMode",
  "timeSource",
  "transient",
  "outputCardinalityLimit",
];
const refreshIntervals = [0, 30, 60, 120, 300, 900, 3600, 86_400];
const gridColumns = 24;

/** Dashboards, each in a folder of the content library: the user's own is the only one here. */
export function dashboardKind(folderId: string): Kind {
  return {
    newId: hexId,
    check(dashboard) {
      known("dashboard", dashboard, dashboardFields);
      const { title } = dashboard;
      must(
        typeof title === "string" && title.length >= 1 && title.length <= 255,
        "title",
        title,
        "1 to 255 characters",
      );
      oneOf("folderId", dashboard.folderId || folderId, [folderId]);
      oneOf("refreshInterval", dashboard.refreshInterval ?? 0, refreshIntervals);
      oneOf("theme", dashboard.theme ?? "Light", ["Light", "Dark"]);
      checkTimeRange(dashboard.timeRange);
      checkPanels(dashboard);
    },
    complete: () => ({ contentId: hexId() }),
    show: (dashboard) => ({
      ...dashboard,
      folderId: dashboard.folderId || folderId,
      domain: dashboard.domain ?? "",
      // The real API never returns null here, and the provider crashes if it does.
      topologyLabelMap: dashboard.topologyLabelMap ?? { data: {} },
      variables: dashboard.variables ?? [],
      coloringRules: dashboard.coloringRules ?? [],
    }),
  };
}

function checkTimeRange(range: Item | undefined): void {
  const type = range?.type;
  oneOf("timeRange.type", type, ["BeginBoundedTimeRange"]);
  oneOf("timeRange.from.type", range?.from?.type, ["RelativeTimeRangeBoundary"]);
  const { relativeTime } = range?.from ?? {};
  must(
    /^-?(\d+[wdhms])+$/.test(String(relativeTime)),
    "timeRange.from.relativeTime",
    relativeTime,
    "a duration, for example -24h",
  );
}

function checkPanels({ panels, layout }: Item): void {
  must(Array.isArray(panels), "panels", panels, "a list");
  const keys = panels.map(({ key }: Item) => key);
  must(new Set(keys).size === keys.length, "panels", keys, "a different key for each panel");
  for (const panel of panels) checkPanel(panel);
  oneOf("layout.layoutType", layout?.layoutType, ["Grid"]);
  const structures: Item[] = layout.layoutStructures ?? [];
  for (const { key, structure } of structures) {
    oneOf("layout.key", key, keys);
    checkStructure(structure);
  }
  must(structures.length === keys.length, "layout", structures.length, "a place for each panel");
}

function checkPanel(panel: Item): void {
  const { panelType, key, visualSettings } = panel;
  oneOf("panelType", panelType, Object.keys(fieldsOfPanel));
  known(key, panel, [...panelFields, ...(fieldsOfPanel[panelType] ?? [])]);
  must(typeof key === "string" && key !== "", "key", key, "text");
  must(isJson(visualSettings), `${key}.visualSettings`, visualSettings, "JSON");
  if (panelType === "TextPanel") {
    must(typeof panel.text === "string", `${key}.text`, panel.text, "text");
    return;
  }
  must(panel.queries?.length > 0, `${key}.queries`, panel.queries, "at least one");
  for (const query of panel.queries) checkQuery(`${key}.queries`, query);
}

/** Sumo Logic accepts any query here, and the panel then shows an error; the sandbox refuses what it cannot run. */
function checkQuery(where: string, query: Item): void {
  known(where, query, queryFields);
  must(/^[A-Z]$/.test(query.queryKey), `${where}.queryKey`, query.queryKey, "a letter");
  oneOf(`${where}.queryType`, query.queryType, ["Logs"]);
  oneOf(`${where}.parseMode`, query.parseMode ?? "Manual", ["Auto", "Manual"]);
  oneOf(`${where}.timeSource`, query.timeSource ?? "Message", ["Message", "Receipt"]);
  const { queryString } = query;
  must(
    queryString?.length <= 15_000,
    `${where}.queryString`,
    queryString?.length,
    "at most 15,000",
  );
  try {
    runQuery(queryString, []);
  } catch (error) {
    must(false, `${where}.queryString`, (error as Error).message, "a query that runs");
  }
}

function checkStructure(structure: unknown): void {
  const place = isJson(structure) ? JSON.parse(String(structure)) : {};
  const { x, y, width, height } = place;
  const isRight =
    [x, y, width, height].every((it) => Number.isInteger(it) && it >= 0) &&
    x + width <= gridColumns &&
    height > 0;
  must(isRight, "layout.structure", structure, "x, y, width and height in 24 columns");
}

function known(where: string, item: Item, fields: readonly string[]): void {
  const unknown = Object.keys(item).filter((key) => !fields.includes(key));
  must(unknown.length === 0, where, unknown, `only ${fields.join(", ")}`);
}

function isJson(text: unknown): boolean {
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
}
