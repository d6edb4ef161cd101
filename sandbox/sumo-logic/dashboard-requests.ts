import { isValues, type Value, type Values } from "../engine/values.ts";
import { timeRangeInput, timeRangeOf } from "./time-ranges.ts";

/**
 * A dashboard's inputs as the provider sends them, and back.
 * https://github.com/SumoLogic/terraform-provider-sumologic/blob/master/sumologic/resource_sumologic_dashboard.go
 */
export function dashboardRequest(inputs: Values): Values {
  const { title, description, folderId, domain, theme, refreshInterval, timeRange } = inputs;
  return {
    title: title ?? null,
    description: description ?? "",
    folderId: folderId ?? "",
    domain: domain ?? "",
    theme: theme ?? "Light",
    refreshInterval: refreshInterval ?? 0,
    timeRange: timeRangeOf(timeRange),
    topologyLabelMap: labelMap(inputs.topologyLabelMap),
    panels: blocks(inputs.panels).map(panelRequest),
    layout: {
      layoutType: "Grid",
      layoutStructures: structuresOf(inputs.layout),
    },
    variables: null,
    coloringRules: null,
  };
}

/** What a read puts into the state. It crashes the real provider if the API's label map is null. */
export function dashboardInputs(body: Values): Values {
  if (!isValues(body.topologyLabelMap)) {
    throw new Error("the provider crashed: topologyLabelMap is null");
  }
  const { title, description, folderId, domain, theme, refreshInterval, timeRange } = body;
  const { data } = body.topologyLabelMap;
  const labels = Object.entries(isValues(data) ? data : {});
  return {
    title: title ?? null,
    description: description ?? null,
    folderId: folderId ?? null,
    domain: domain ?? null,
    theme: theme ?? null,
    refreshInterval: refreshInterval ?? null,
    timeRange: timeRangeInput(timeRange),
    ...(labels.length > 0 && {
      topologyLabelMap: { datas: labels.map(([label, values]) => ({ label, values })) },
    }),
    panels: blocks(body.panels).map(panelInput),
    layout: {
      grid: {
        layoutStructures: isValues(body.layout) ? (body.layout.layoutStructures ?? null) : null,
      },
    },
  };
}

function panelRequest({ textPanel, sumoSearchPanel }: Values): Value {
  if (isValues(textPanel)) return { ...textPanel, panelType: "TextPanel" };
  if (!isValues(sumoSearchPanel)) throw new Error("a panel must be a textPanel or sumoSearchPanel");
  return {
    ...sumoSearchPanel,
    panelType: "SumoSearchPanel",
    timeRange: null,
    coloringRules: null,
    linkedDashboards: null,
  };
}

function panelInput({ panelType, id: _, ...panel }: Values): Value {
  if (panelType === "TextPanel") return { textPanel: panel };
  const { timeRange, coloringRules, linkedDashboards, ...searchPanel } = panel;
  return { sumoSearchPanel: searchPanel };
}

function structuresOf(layout: Value | undefined): Value {
  const grid = isValues(layout) ? layout.grid : undefined;
  return isValues(grid) ? (grid.layoutStructures ?? null) : null;
}

function labelMap(map: Value | undefined): Value {
  const datas = isValues(map) ? blocks(map.datas) : [];
  if (datas.length === 0) return null;
  return {
    data: Object.fromEntries(datas.map(({ label, values }) => [String(label), values ?? []])),
  };
}

function blocks(value: Value | undefined): Values[] {
  return Array.isArray(value) ? value.filter(isValues) : [];
}
