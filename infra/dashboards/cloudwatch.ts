import { metricNamespace } from "../../handler/metrics.ts";
import { runbookSection } from "../runbook.ts";

/** What the dashboard shows, with values that are known only after deployment already resolved. */
export interface CloudWatchSubject {
  readonly region: string;
  /** One or more. */
  readonly instanceIds: readonly string[];
  /** For example `t2.micro`; absent for a group. Only burstable types have CPU credits. */
  readonly instanceType?: string;
  readonly functionName: string;
  readonly logGroupName: string;
  /** The queue that delivers follow-up checks. */
  readonly checkQueueName: string;
  readonly deadLetterQueueName: string;
  /** The queue of events that did not reach a target; absent without targets. */
  readonly eventDeadLetterQueueName?: string;
  readonly alarmArns: readonly string[];
  /** The setting; absent without quiet hours. */
  readonly quietHours?: string;
}

type Metric = readonly (string | { readonly label?: string; readonly yAxis?: "left" | "right" })[];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
type Widget =
  | { readonly type: "text"; readonly properties: { readonly markdown: string } }
  | {
      readonly type: "alarm";
      readonly properties: { readonly title: string; readonly alarms: readonly string[] };
    }
  | {
      readonly type: "metric";
      readonly properties: {
        readonly title: string;
        readonly region: string;
        readonly view: "timeSeries";
        readonly stat: "Sum" | "Maximum" | "Average";
        /** Seconds. */
        readonly period: number;
        readonly metrics: readonly Metric[];
      };
    }
  | {
      readonly type: "log";
      readonly properties: {
        readonly title: string;
        readonly region: string;
        readonly view: "table" | "bar" | "timeSeries";
        readonly query: string;
      };
    };

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface CloudWatchBody {
  /** The time range when the dashboard opens, relative to now. */
  readonly start: string;
  /** `auto` adapts the period of each graph to the time range. */
  readonly periodOverride: "auto";
  readonly widgets: readonly (Widget & Place)[];
}

/** Days that the dashboard shows when it opens. Fewer lines are scanned than in the days of the log's retention. */
const days = 7;

/** The grid has this many columns. */
const columns = 24;

/**
 * The body of the CloudWatch dashboard. Reboots, outcomes and suppressed alerts come from the function's log by
 * Logs Insights: they need no further metric, and a scan of this log costs next to nothing.
 */
export function cloudWatchBody(subject: CloudWatchSubject): CloudWatchBody {
  const rows: { height: number; widgets: Widget[] }[] = [
    { height: 5 + linesOfLinks(subject), widgets: [introduction(subject)] },
    { height: 4, widgets: [alarmStates(subject)] },
    { height: 6, widgets: [outcomes(subject), suppressed(subject)] },
    { height: 6, widgets: [health(subject), queues(subject)] },
    { height: 6, widgets: ofInstances(subject) },
    { height: 8, widgets: [latest(subject)] },
  ];
  let y = 0;
  const widgets = rows.flatMap(({ height, widgets: row }) => {
    const width = columns / row.length;
    const placed = row.map((widget, index) => ({ ...widget, x: index * width, y, width, height }));
    y += height;
    return placed;
  });
  return { start: `-P${days}D`, periodOverride: "auto", widgets };
}

function introduction(subject: CloudWatchSubject): Widget {
  const { region, instanceIds, functionName, logGroupName, quietHours } = subject;
  const console = `https://${region}.console.aws.amazon.com`;
  const section = (heading: string) => runbookSection(heading).markdown;
  const linkOf = (text: string, instanceId: string) =>
    `[${text}](${console}/ec2/home?region=${region}#InstanceDetails:instanceId=${instanceId})`;
  const [first = ""] = instanceIds;
  const lines = [
    `# Reboot automation of ${isGroup(subject) ? `${instanceIds.length} instances` : first}`,
    "Created by Pulumi: the next deployment reverts manual changes.",
    "",
    ...(isGroup(subject) ? [instanceIds.map((it) => linkOf(it, it)).join(" · "), ""] : []),
    `${isGroup(subject) ? "" : `${linkOf("Instance", first)} · `}` +
      `[Function](${console}/lambda/home?region=${region}#/functions/${functionName}) · ` +
      `[Log](${console}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${encodeURIComponent(logGroupName)})`,
    "",
    `Runbook: ${section("Why was nothing rebooted?")} · ${section("Reboot manually")} · ${section("Stop the automation")}`,
    "",
    "`npm run mode` shows and sets the kill switch; `npm run history` lists the incidents.",
    ...(quietHours ? ["", `Quiet hours: ${quietHours}`] : []),
  ];
  return { type: "text", properties: { markdown: lines.join("\n") } };
}

/** How many lines the links to the instances of a group need, on a usual screen. */
function linesOfLinks(subject: CloudWatchSubject): number {
  return isGroup(subject) ? Math.ceil(subject.instanceIds.length / 8) : 0;
}

function alarmStates({ alarmArns }: CloudWatchSubject): Widget {
  return { type: "alarm", properties: { title: "Alarms", alarms: alarmArns } };
}

/** Reboots, and the ends of their incidents. The log has other outcomes: docs/runbook.md lists all of them. */
const rebootOutcomes = [
  "rebooted",
  "failed",
  "recovered",
  "instance up",
  "not recovered",
  "recovery unconfirmed",
  "unconfirmed",
];

/** In a group also its shared causes, and how the wait of an alert ends without a decision. */
const groupOutcomes = [
  "shared cause",
  "shared cause over",
  "still affected",
  "waited too long",
  "resolved",
  "removed",
];

function outcomes(subject: CloudWatchSubject): Widget {
  const shown = isGroup(subject) ? [...rebootOutcomes, ...groupOutcomes] : rebootOutcomes;
  // A shared cause is logged once a minute while it lasts.
  const count = isGroup(subject) ? "count_distinct(message.incidentId)" : "count(*)";
  return logWidget(subject, "Reboots and their outcomes", "bar", [
    `filter message.outcome in [${quoted(shown)}]`,
    `stats ${count} as incidents by message.outcome`,
  ]);
}

function suppressed(subject: CloudWatchSubject): Widget {
  return logWidget(subject, "Suppressed alerts by reason", "bar", [
    "filter ispresent(message.limit)",
    "stats count(*) as alerts by message.limit",
  ]);
}

function latest(subject: CloudWatchSubject): Widget {
  const instance = isGroup(subject) ? "message.instanceId, " : "";
  return logWidget(subject, "Latest decisions", "table", [
    `fields @timestamp, ${instance}message.outcome, message.reason`,
    `filter ispresent(message.outcome) and message.outcome not in [${quoted(hiddenOutcomes)}]`,
    "sort @timestamp desc",
    // A group logs a waiting alert and a shared cause once a minute. Lines without an incident are all shown.
    ...(isGroup(subject) ? ["dedup message.incidentId, message.outcome, message.reason"] : []),
    "limit 20",
  ]);
}

const hiddenOutcomes = ["pending", "test", "refused"];

function isGroup({ instanceIds }: Pick<CloudWatchSubject, "instanceIds">): boolean {
  return instanceIds.length > 1;
}

function quoted(words: readonly string[]): string {
  return words.map((it) => JSON.stringify(it)).join(", ");
}

/** A widget of Logs Insights on the function's log; Lambda writes it as JSON, with the function's line in `message`. */
function logWidget(
  { region, logGroupName }: CloudWatchSubject,
  title: string,
  view: "table" | "bar",
  commands: readonly string[],
): Widget {
  const query = [`SOURCE '${logGroupName}'`, ...commands].join("\n| ");
  return { type: "log", properties: { title, region, view, query } };
}

function health({ region, functionName }: CloudWatchSubject): Widget {
  const dimension = ["FunctionName", functionName];
  const own = (name: string, label: string): Metric => [
    metricNamespace,
    name,
    ...dimension,
    { label },
  ];
  return {
    type: "metric",
    properties: {
      title: "Health of the automation",
      region,
      view: "timeSeries",
      stat: "Sum",
      period: 300,
      metrics: [
        ["AWS/Lambda", "Errors", ...dimension],
        ["AWS/Lambda", "Throttles", ...dimension],
        own("AlertRefused", "Refused alerts"),
        own("UnauthenticatedRequest", "Unauthenticated requests"),
        own("NotificationFailed", "Failed notifications"),
      ],
    },
  };
}

function queues(subject: CloudWatchSubject): Widget {
  const { region, checkQueueName, deadLetterQueueName, eventDeadLetterQueueName } = subject;
  const visible = (queue: string, label: string): Metric => [
    "AWS/SQS",
    "ApproximateNumberOfMessagesVisible",
    "QueueName",
    queue,
    { label },
  ];
  return {
    type: "metric",
    properties: {
      title: "Waiting messages",
      region,
      view: "timeSeries",
      stat: "Maximum",
      period: 300,
      metrics: [
        visible(checkQueueName, "Follow-up checks"),
        visible(deadLetterQueueName, "Dead-letter queue"),
        ...(eventDeadLetterQueueName ? [visible(eventDeadLetterQueueName, "Lost events")] : []),
      ],
    },
  };
}

/** Two charts: the status checks and the CPU of the instance, or of each instance of a group. */
function ofInstances(subject: CloudWatchSubject): Widget[] {
  const { instanceIds, instanceType } = subject;
  const [instanceId = ""] = instanceIds;
  if (!isGroup(subject)) {
    return [statusChecks(subject, instanceId), cpu(subject, { instanceId, instanceType })];
  }
  return [
    metricOfEach(subject, {
      title: "Failed status checks of each instance",
      stat: "Maximum",
      metric: "StatusCheckFailed",
    }),
    metricOfEach(subject, {
      title: "CPU of each instance (%)",
      stat: "Average",
      metric: "CPUUtilization",
    }),
  ];
}

function metricOfEach(
  { region, instanceIds }: CloudWatchSubject,
  { title, stat, metric }: { title: string; stat: "Maximum" | "Average"; metric: string },
): Widget {
  const metrics = instanceIds.map((it) => ["AWS/EC2", metric, "InstanceId", it, { label: it }]);
  return {
    type: "metric",
    properties: { title, region, view: "timeSeries", stat, period: 300, metrics },
  };
}

function statusChecks({ region }: CloudWatchSubject, instanceId: string): Widget {
  const failed = (check: string, label: string): Metric => [
    "AWS/EC2",
    `StatusCheckFailed_${check}`,
    "InstanceId",
    instanceId,
    { label },
  ];
  return {
    type: "metric",
    properties: {
      title: "Failed status checks of the instance",
      region,
      view: "timeSeries",
      stat: "Maximum",
      period: 300,
      metrics: [
        failed("Instance", "Instance"),
        failed("System", "System"),
        failed("AttachedEBS", "Attached EBS"),
      ],
    },
  };
}

function cpu(
  { region }: CloudWatchSubject,
  { instanceId, instanceType = "" }: { instanceId: string; instanceType: string | undefined },
): Widget {
  const dimension = ["InstanceId", instanceId];
  const credits: Metric[] = isBurstable(instanceType)
    ? [["AWS/EC2", "CPUCreditBalance", ...dimension, { label: "Credits", yAxis: "right" }]]
    : [];
  return {
    type: "metric",
    properties: {
      title: credits.length > 0 ? "CPU and CPU credits of the instance" : "CPU of the instance",
      region,
      view: "timeSeries",
      stat: "Average",
      period: 300,
      metrics: [["AWS/EC2", "CPUUtilization", ...dimension, { label: "CPU (%)" }], ...credits],
    },
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html : all types of the T family. */
function isBurstable(instanceType: string): boolean {
  return /^t\d/.test(instanceType);
}
