import * as pulumi from "@pulumi/pulumi";
import type * as sumologic from "@pulumi/sumologic";
import {
  columns,
  instancesQuery,
  latestLineQuery,
  logLinesQuery,
  type QueryScope,
  responseTimesQuery,
  slowResponsesQuery,
} from "../alert-query.ts";
import { type AlertRule, describeRule } from "../alert-rule.ts";
import { runbookSection } from "../runbook.ts";

interface Subject {
  readonly rule: AlertRule;
  readonly logSourceCategory: string;
  /** One or more. */
  readonly instanceIds: readonly pulumi.Output<string>[];
}

interface Panel {
  readonly key: string;
  readonly title: string;
  readonly query: pulumi.Input<string>;
  readonly chart: "line" | "column" | "table";
  readonly place: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

/** Seconds between two refreshes: https://api.sumologic.com/docs/#operation/createDashboard lists the values. */
const refreshInterval = 300;

/**
 * The Sumo Logic dashboard, without title and folder. Every property that the API fills in is set: a refresh would
 * otherwise show it as a change. `topologyLabelMap` stays unset: the API then returns an empty map.
 */
export function sumoLogicDashboard(subject: Subject) {
  const panels = panelsOf(subject);
  const introductionPlace = { x: 0, y: 0, width: 24, height: 4 };
  return {
    description: `The alert fires on ${describeRule(subject.rule)}. Created by Pulumi.`,
    domain: "",
    theme: "Light",
    refreshInterval,
    timeRange: lastHours(24),
    panels: [{ textPanel: introduction(subject) }, ...panels.map(searchPanel)],
    layout: {
      grid: {
        layoutStructures: [{ key: "introduction", place: introductionPlace }, ...panels].map(
          ({ key, place }) => ({ key, structure: JSON.stringify(place) }),
        ),
      },
    },
  } satisfies Omit<sumologic.DashboardArgs, "title" | "folderId">;
}

function introduction({ rule, instanceIds }: Subject) {
  const consequence =
    instanceIds.length > 1
      ? "the instance is rebooted unless too many of the group are slow at once"
      : "the instance is rebooted";
  return {
    key: "introduction",
    title: "Slow responses",
    visualSettings: "{}",
    keepVisualSettingsConsistentWithParent: true,
    text: [
      `The alert fires on ${describeRule(rule)}, and ${consequence}.`,
      `Runbook: ${runbookSection("Why was nothing rebooted?").markdown}`,
    ].join("\n\n"),
  };
}

function panelsOf({ rule, logSourceCategory, instanceIds }: Subject): Panel[] {
  const { windowMinutes, slowResponseSeconds } = rule;
  const isGroup = instanceIds.length > 1;
  const perWindow = `per ${windowMinutes} minutes`;
  const query = (queryOf: (scope: QueryScope) => string) =>
    pulumi
      .all([...instanceIds])
      .apply((ids) => queryOf({ rule, logSourceCategory, instanceIds: ids }));
  const ofSlow = (fields: readonly string[]) =>
    query((scope) => `${slowResponsesQuery(scope)}\n| fields _timeslice, ${fields.join(", ")}`);
  return [
    {
      key: "slow-responses",
      // The threshold is that of one instance; the chart adds the responses of a group.
      ...(isGroup
        ? {
            title: `Responses over ${slowResponseSeconds} s ${perWindow}, all instances`,
            query: ofSlow([columns.slow]),
          }
        : {
            title: `Responses over ${slowResponseSeconds} s ${perWindow}, and the alert's threshold`,
            query: ofSlow([columns.slow, "threshold"]),
          }),
      chart: "line",
      place: { x: 0, y: 4, width: 12, height: 8 },
    },
    {
      key: "response-times",
      title: `Response times ${perWindow}: median, 95th percentile, maximum (s)`,
      query: query(responseTimesQuery),
      chart: "line",
      place: { x: 12, y: 4, width: 12, height: 8 },
    },
    {
      key: "requests",
      title: "Requests per minute, and slow ones in percent",
      query: ofSlow(["requests_per_minute", "slow_percent"]),
      chart: "line",
      place: { x: 0, y: 12, width: 12, height: 8 },
    },
    {
      key: "log-lines",
      title: "Access-log lines per 5 minutes",
      query: query(logLinesQuery),
      chart: "column",
      place: { x: 12, y: 12, width: 8, height: 8 },
    },
    {
      key: "latest-line",
      title: "Latest access-log line (UTC)",
      query: query(latestLineQuery),
      chart: "table",
      place: { x: 20, y: 12, width: 4, height: 8 },
    },
    ...(isGroup ? [byInstance(slowResponseSeconds, query(instancesQuery))] : []),
  ];
}

function byInstance(slowResponseSeconds: number, query: pulumi.Input<string>): Panel {
  return {
    key: "instances",
    title: `Responses over ${slowResponseSeconds} s, all responses and the slowest, by instance`,
    query,
    chart: "table",
    place: { x: 0, y: 20, width: 24, height: 10 },
  };
}

function searchPanel({ key, title, query, chart }: Panel) {
  return {
    sumoSearchPanel: {
      key,
      title,
      description: "",
      visualSettings: JSON.stringify({
        general:
          chart === "table"
            ? { mode: "distribution", type: "table" }
            : { mode: "timeSeries", type: chart, displayType: "default" },
      }),
      keepVisualSettingsConsistentWithParent: true,
      queries: [
        {
          queryKey: "A",
          queryType: "Logs",
          queryString: query,
          parseMode: "Manual",
          timeSource: "Message",
          transient: false,
          outputCardinalityLimit: 1000,
        },
      ],
    },
  };
}

function lastHours(hours: number) {
  return {
    beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime: `-${hours}h` } } },
  };
}
