import { Api } from "./api.ts";
import { ApiError, type Item } from "./collection.ts";
import type { LogMessage } from "./query.ts";

export const minuteMs = 60_000;
export const noon = Date.parse("2026-01-01T12:00:00Z");
export const rootFolder = "0000000000000001";

// Bodies as the real provider sends them.

export const connection = {
  type: "WebhookDefinition",
  name: "hook",
  description: "Calls the function",
  url: "https://abc.lambda-url.us-east-1.on.aws/",
  headers: [{ name: "Authorization", value: "Bearer token" }],
  customHeaders: [],
  defaultPayload: '{"type":"{{TriggerType}}","count":"{{ResultsJson.slow_count}}"}',
  resolutionPayload: '{"resolved":"{{TriggerType}}"}',
  webhookType: "Webhook",
};

export const folder = {
  type: "MonitorsLibraryFolder",
  contentType: "Folder",
  name: "reboot-automation",
  description: "Managed by Pulumi",
};

export const critical = {
  triggerType: "Critical",
  detectionMethod: "LogsStaticCondition",
  timeRange: "10m",
  field: "slow_count",
  threshold: 5,
  thresholdType: "GreaterThan",
};

export const resolvedCritical = {
  triggerType: "ResolvedCritical",
  detectionMethod: "LogsStaticCondition",
  timeRange: "10m",
  field: "slow_count",
  threshold: 5,
  thresholdType: "LessThanOrEqual",
  resolutionWindow: "5m",
};

export const missingData = {
  triggerType: "MissingData",
  detectionMethod: "LogsMissingDataCondition",
  timeRange: "10m",
};

export const resolvedMissingData = { ...missingData, triggerType: "ResolvedMissingData" };

/** More than five messages "slow" in ten minutes; resolved when five or fewer for five minutes. */
export const monitor = {
  type: "MonitorsLibraryMonitor",
  contentType: "Monitor",
  name: "Slow responses",
  description: "Fires",
  monitorType: "Logs",
  queries: [{ rowId: "A", query: '_sourceCategory=web "slow"\n| count as slow_count by _raw' }],
  triggers: [critical, resolvedCritical],
  notifications: [] as Item[],
  groupNotifications: true,
};

export const emailNotification = {
  connectionType: "Email",
  recipients: ["oncall@example.com"],
  subject: "{{Name}}",
  messageBody: "{{TriggerType}}",
  timeZone: "Etc/UTC",
};

export const search = {
  name: "Search",
  description: "For analysts",
  parentId: "00000000000000AA",
  queryString: "_sourceCategory=web",
  timeRange: {
    type: "BeginBoundedTimeRange",
    from: { type: "RelativeTimeRangeBoundary", relativeTime: "-1d" },
  },
};

export const collector = {
  collectorType: "Hosted",
  name: "reboot-automation",
  timeZone: "Etc/UTC",
  ephemeral: false,
};

export const source = {
  sourceType: "HTTP",
  name: "access-log",
  category: "web",
  automaticDateParsing: true,
  multilineProcessingEnabled: false,
  useAutolineMatching: true,
  forceTimeZone: false,
  messagePerRequest: false,
};

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Item;
  /** Of a response other than success. */
  readonly code?: string;
  readonly message?: string;
}

export type Call = (
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => ApiResponse;

/** The API without a server; paths are below `/api/`. */
export function startApi(messages: readonly LogMessage[] = []): { api: Api; call: Call } {
  const api = new Api(messages, (token) => `http://127.0.0.1:8/receiver/v1/http/${token}`);
  const call: Call = (method, target, body = {}, headers = {}) => {
    const { pathname, searchParams: query } = new URL(target, "http://127.0.0.1/");
    try {
      const reply = api.reply({ method, path: pathname.slice(1), query, headers, body });
      return { headers: {}, body: {}, ...reply };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { status, code, message } = error;
      return { status, headers: {}, body: {}, code, message };
    }
  };
  return { api, call };
}

/** Log messages that say `raw`, of the category "web". */
export function logged(count: number, timeMs: number, raw = "slow"): LogMessage[] {
  return Array<LogMessage>(count).fill({ raw, sourceCategory: "web", timeMs });
}
