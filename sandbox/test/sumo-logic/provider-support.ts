import type { Values } from "../../engine/values.ts";
import { sumologicProvider } from "../../sumo-logic/provider.ts";
import { type FakeResponse, startFakeServer, stopAfterEach } from "../support.ts";

export const connection = {
  name: "hook",
  description: "Calls the function",
  type: "WebhookConnection",
  webhookType: "Webhook",
  url: "https://abc.lambda-url.us-east-1.on.aws/",
  headers: { Authorization: "Bearer token" },
  defaultPayload: "{}",
  resolutionPayload: "{}",
};

export const monitor = {
  name: "Slow responses",
  description: "Fires",
  parentId: "00000000000000F1",
  type: "MonitorsLibraryMonitor",
  contentType: "Monitor",
  monitorType: "Logs",
  queries: [{ rowId: "A", query: "_sourceCategory=web" }],
  triggerConditions: {
    logsStaticCondition: {
      field: "slow_count",
      critical: {
        timeRange: "10m",
        alert: { threshold: 5, thresholdType: "GreaterThan" },
        resolution: { threshold: 5, thresholdType: "LessThanOrEqual", resolutionWindow: "5m" },
      },
    },
  },
  groupNotifications: true,
  notificationGroupFields: ["instance_id"],
  notifications: [
    {
      notification: { connectionType: "Webhook", connectionId: "00000000000000C1" },
      runForTriggerTypes: ["Critical", "ResolvedCritical"],
    },
  ],
};

export const search = {
  name: "Search",
  description: "For analysts",
  parentId: "00000000000000AA",
  queryString: "q",
  timeRange: {
    beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime: "-1d" } } },
  },
};

const place = { x: 0, y: 0, width: 24, height: 4 };

export const dashboard: Values = {
  title: "Responses",
  description: "Slow responses",
  folderId: "00000000000000AA",
  domain: "",
  theme: "Light",
  refreshInterval: 300,
  timeRange: {
    beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime: "-24h" } } },
  },
  panels: [
    {
      textPanel: {
        key: "text",
        title: "About",
        visualSettings: "{}",
        keepVisualSettingsConsistentWithParent: true,
        text: "# Responses",
      },
    },
    {
      sumoSearchPanel: {
        key: "lines",
        title: "Lines",
        description: "",
        visualSettings: '{"general":{"type":"line"}}',
        keepVisualSettingsConsistentWithParent: true,
        queries: [
          {
            queryKey: "A",
            queryType: "Logs",
            queryString: "_sourceCategory=web\n| timeslice 5m\n| count as lines by _timeslice",
            parseMode: "Manual",
            timeSource: "Message",
            transient: false,
            outputCardinalityLimit: 1000,
          },
        ],
      },
    },
  ],
  layout: {
    grid: {
      layoutStructures: ["text", "lines"].map((key) => ({ key, structure: JSON.stringify(place) })),
    },
  },
};

export const collector = { name: "reboot-automation", description: "Managed by Pulumi" };

export const source = {
  collectorId: 123456789,
  name: "access-log",
  description: "Managed by Pulumi",
  category: "web/access",
  multilineProcessingEnabled: false,
};

/** The provider's part for one type, by the last part of the type's name. */
export function typeOf(provider: ReturnType<typeof sumologicProvider>, name: string) {
  const [, type] =
    Object.entries(provider.resources).find(([token]) => token.endsWith(`:${name}`)) ?? [];
  if (!type?.update) throw new Error(`no type ${name} with update`);
  return { ...type, update: type.update };
}

/** Call it in a `describe`; the function starts a provider before a fake API, for one test. */
export function providerForEach() {
  const stoppedLater = stopAfterEach();
  /**
   * The provider before an API that gives every new thing the id …D1, returns what it was sent
   * last, and notes all calls.
   */
  return async function start(
    response: (route: string) => FakeResponse | undefined = () => undefined,
  ) {
    let sent = {};
    const api = stoppedLater(
      await startFakeServer(({ method, path, body }) => {
        if (body) sent = JSON.parse(body);
        const known = response(`${method} ${path}`);
        if (known) return known;
        const id = path === "/api/v1/monitors/root" ? "0000000000000001" : "00000000000000D1";
        return { headers: { etag: '"7"' }, body: JSON.stringify({ ...sent, id }) };
      }),
    );
    const provider = sumologicProvider();
    await provider.configure(
      new Map([
        ["accessId", "id"],
        ["accessKey", "key"],
        ["baseUrl", `http://127.0.0.1:${api.port}/api/`],
      ]),
    );
    const routes = () => api.requests.map(({ method, path }) => `${method} ${path}`);
    const lastBody = () => JSON.parse(api.requests.findLast(({ body }) => body !== "")?.body ?? "");
    return { api, provider, routes, lastBody };
  };
}
