import {
  names,
  type Provider,
  packageVersion,
  type ResourceType,
  text,
} from "../aws/provider/resource-type.ts";
import { isValues, type Value, type Values } from "../engine/values.ts";
import { dashboardInputs, dashboardRequest } from "./dashboard-requests.ts";
import { notificationsOf, triggersOf } from "./monitor-requests.ts";
import { timeRangeOf } from "./time-ranges.ts";

/** The environment variables that the real provider reads if a setting is missing. */
const variables = {
  accessId: "SUMOLOGIC_ACCESSID",
  accessKey: "SUMOLOGIC_ACCESSKEY",
  baseUrl: "SUMOLOGIC_BASE_URL",
} as const;

/**
 * Package `sumologic`: makes the API calls that the real Terraform provider makes
 * (https://github.com/SumoLogic/terraform-provider-sumologic), in its order and shapes.
 */
export function sumologicProvider(
  environment: Readonly<Record<string, string | undefined>> = {},
): Provider {
  let api: Api | undefined;
  const call: Api = (...args) => {
    if (!api) throw new Error("sumologic: accessId, accessKey and baseUrl are not configured");
    return api(...args);
  };
  return {
    version: packageVersion("@pulumi/sumologic"),
    configure(settings) {
      const [accessId, accessKey, baseUrl] = (["accessId", "accessKey", "baseUrl"] as const).map(
        (key) => {
          const value = settings.get(key) || environment[variables[key]];
          if (!value) throw new Error(`sumologic:${key} must be set in the sandbox`);
          return value;
        },
      );
      api = connect(baseUrl ?? "", `${accessId}:${accessKey}`);
    },
    resources: {
      "sumologic:index/connection:Connection": readAfter(["create"], connection(call)),
      "sumologic:index/monitorFolder:MonitorFolder": readAfter(always, monitorFolder(call)),
      "sumologic:index/monitor:Monitor": readAfter(always, monitor(call)),
      "sumologic:index/logSearch:LogSearch": readAfter(always, logSearch(call)),
      "sumologic:index/dashboard:Dashboard": readAfter(always, dashboard(call)),
      "sumologic:index/collector:Collector": readAfter(always, collector(call)),
      "sumologic:index/httpSource:HttpSource": readAfter(always, httpSource(call)),
    },
    functions: {
      "sumologic:index/getPersonalFolder:getPersonalFolder": async () => {
        const { body } = await call("GET", "v2/content/folders/personal");
        return { id: body.id ?? null, name: body.name ?? null, description: "" };
      },
    },
  };
}

const always = ["create", "update"] as const;

/**
 * The provider reads what it created or changed, so outputs are what the API returns: the mask of a
 * connection's header, for one. It does not read a connection again after an update.
 */
function readAfter(when: readonly ("create" | "update")[], type: ResourceType): ResourceType {
  const { update } = type;
  return {
    ...type,
    async create(inputs) {
      const { id, outputs } = await type.create(inputs);
      return { id, outputs: { ...outputs, ...(await type.read(id, { ...inputs, ...outputs })) } };
    },
    ...(update && {
      async update(id: string, inputs: Values, olds: Values) {
        const outputs = await update(id, inputs, olds);
        if (!when.includes("update")) return outputs;
        return { ...outputs, ...(await type.read(id, { ...olds, ...inputs, ...outputs })) };
      },
    }),
  };
}

type Api = (
  method: string,
  path: string,
  body?: Values,
  headers?: Record<string, string>,
) => Promise<{ status: number; etag: string; body: Values }>;

function connect(baseUrl: string, credentials: string): Api {
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  return async (method, path, body, headers = {}) => {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: { ...headers, authorization, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const content = await response.text();
    if (response.status >= 400 && !(method === "GET" && response.status === 404)) {
      throw new Error(
        `Sumo Logic responded to ${method} ${path} with ${response.status}: ${content}`,
      );
    }
    const etag = response.headers.get("etag") ?? "";
    return { status: response.status, etag, body: content ? JSON.parse(content) : {} };
  };
}

/** The provider reads before each update, for the ETag. */
async function put(api: Api, path: string, body: Values): Promise<void> {
  const { etag } = await api("GET", path);
  await api("PUT", path, body, { "if-match": etag });
}

function connection(api: Api): ResourceType {
  const wire = (inputs: Values): Values => ({
    ...inputs,
    type: "WebhookDefinition",
    headers: headerList(inputs.headers),
  });
  return {
    inputs: names("name description type webhookType url headers defaultPayload resolutionPayload"),
    secretOutputs: ["headers"],
    async create(inputs) {
      const { body } = await api("POST", "v1/connections", wire(inputs));
      return { id: text(body, "id"), outputs: {} };
    },
    async read(id, state) {
      const { status, body } = await api("GET", `v1/connections/${id}`);
      if (status === 404) return undefined;
      const headers = Object.fromEntries(
        ((body.headers ?? []) as { name: string; value: string }[]).map((it) => [
          it.name,
          it.value,
        ]),
      );
      const { name = null, url = null, description = null, defaultPayload = null } = body;
      return { ...state, name, url, description, defaultPayload, headers };
    },
    async update(id, inputs) {
      await put(api, `v1/connections/${id}`, { ...wire(inputs), id });
      return {};
    },
    async delete(id) {
      await api("DELETE", `v1/connections/${id}?type=WebhookConnection`);
    },
  };
}

const libraryFields = {
  version: 0,
  isLocked: false,
  isMutable: false,
  isSystem: false,
  createdAt: "",
  createdBy: "",
  modifiedAt: "",
  modifiedBy: "",
};

function monitorFolder(api: Api): ResourceType {
  return libraryItem(api, {
    inputs: ["name", "description"],
    wire: (inputs) => ({ ...libraryFields, contentType: "Folder", ...inputs }),
    type: "MonitorsLibraryFolder",
    readBack: ["name", "description"],
  });
}

function monitor(api: Api): ResourceType {
  return libraryItem(api, {
    inputs: names(
      "name description playbook parentId type contentType monitorType queries triggerConditions groupNotifications notificationGroupFields notifications",
    ),
    wire: ({ triggerConditions, ...inputs }) => ({
      ...libraryFields,
      ...inputs,
      triggers: triggersOf(triggerConditions),
      notifications: notificationsOf(inputs.notifications),
      isDisabled: false,
      status: ["Normal"],
      tags: {},
    }),
    type: "MonitorsLibraryMonitor",
    readBack: ["name", "description", "playbook", "queries", "notificationGroupFields"],
  });
}

/** Folders and monitors share one API; a read requests the permissions too. */
function libraryItem(
  api: Api,
  item: {
    inputs: string[];
    wire: (inputs: Values) => Values;
    type: string;
    readBack: string[];
  },
): ResourceType {
  return {
    inputs: item.inputs,
    replaces: ["parentId"],
    async create(inputs) {
      const root = async () => text((await api("GET", "v1/monitors/root")).body, "id");
      const parentId = typeof inputs.parentId === "string" ? inputs.parentId : await root();
      const { body } = await api("POST", `v1/monitors?parentId=${parentId}&`, {
        ...item.wire(inputs),
        type: item.type,
        parentId,
      });
      return { id: text(body, "id"), outputs: { parentId } };
    },
    async read(id, state) {
      const { status, body } = await api("GET", `v1/monitors/${id}`);
      if (status === 404) return undefined;
      await api("GET", `v1/monitors/${id}/permissions`);
      return {
        ...state,
        ...Object.fromEntries(item.readBack.map((key) => [key, body[key] ?? null])),
      };
    },
    async update(id, inputs, olds) {
      const parentId = inputs.parentId ?? olds.parentId ?? null;
      await put(api, `v1/monitors/${id}`, {
        ...item.wire(inputs),
        type: `${item.type}Update`,
        parentId,
      });
      return {};
    },
    async delete(id) {
      await api("DELETE", `v1/monitors/${id}`);
    },
  };
}

function logSearch(api: Api): ResourceType {
  const wire = (inputs: Values): Values => ({
    ...inputs,
    runByReceiptTime: false,
    parsingMode: "Manual",
    timeRange: timeRangeOf(inputs.timeRange),
  });
  return {
    inputs: ["name", "description", "parentId", "queryString", "timeRange"],
    async create(inputs) {
      const { body } = await api("POST", "v1/logSearches", wire(inputs));
      return { id: text(body, "id"), outputs: {} };
    },
    async read(id, state) {
      const { status, body } = await api("GET", `v1/logSearches/${id}`);
      if (status === 404) return undefined;
      const { name = null, description = null, queryString = null } = body;
      return { ...state, name, description, queryString };
    },
    async update(id, inputs) {
      await put(api, `v1/logSearches/${id}`, wire(inputs));
      return {};
    },
    async delete(id) {
      await api("DELETE", `v1/logSearches/${id}`);
    },
  };
}

function dashboard(api: Api): ResourceType {
  return {
    inputs: names(
      "title description folderId domain theme refreshInterval timeRange panels layout topologyLabelMap",
    ),
    replaces: ["title"],
    async create(inputs) {
      const { body } = await api("POST", "v2/dashboards", dashboardRequest(inputs));
      return { id: text(body, "id"), outputs: {} };
    },
    async read(id, state) {
      const { status, body } = await api("GET", `v2/dashboards/${id}`);
      return status === 404 ? undefined : { ...state, ...dashboardInputs(body) };
    },
    async update(id, inputs) {
      await put(api, `v2/dashboards/${id}`, { ...dashboardRequest(inputs), id });
      return {};
    },
    async delete(id) {
      await api("DELETE", `v2/dashboards/${id}`);
    },
  };
}

const collectorDefaults = { collectorType: "Hosted", timeZone: "Etc/UTC", ephemeral: false };

function collector(api: Api): ResourceType {
  return enveloped(api, {
    envelope: "collector",
    path: () => "v1/collectors",
    inputs: ["name", "description"],
    wire: (inputs) => ({ ...collectorDefaults, ...inputs }),
    outputs: [],
  });
}

const sourceDefaults = {
  sourceType: "HTTP",
  automaticDateParsing: true,
  useAutolineMatching: true,
  forceTimeZone: false,
  messagePerRequest: false,
};

function httpSource(api: Api): ResourceType {
  return {
    ...enveloped(api, {
      envelope: "source",
      path: ({ collectorId }) => `v1/collectors/${collectorId}/sources`,
      inputs: names("collectorId name description category multilineProcessingEnabled"),
      wire: ({ collectorId: _, ...inputs }) => ({ ...sourceDefaults, ...inputs }),
      outputs: ["url", "token", "baseUrl"],
    }),
    autoName: "name",
    replaces: ["collectorId"],
  };
}

/** Collectors and sources: their bodies are in an envelope, and their ids are numbers. */
function enveloped(
  api: Api,
  item: {
    envelope: string;
    path: (inputs: Values) => string;
    inputs: string[];
    wire: (inputs: Values) => Values;
    outputs: string[];
  },
): ResourceType {
  const open = (body: Values): Values => {
    const content = body[item.envelope];
    return isValues(content) ? content : {};
  };
  const pick = (content: Values, keys: string[]) =>
    Object.fromEntries(keys.map((key) => [key, content[key] ?? null]));
  return {
    inputs: item.inputs,
    async create(inputs) {
      const body = { [item.envelope]: item.wire(inputs) };
      const content = open((await api("POST", item.path(inputs), body)).body);
      return { id: String(content.id), outputs: pick(content, item.outputs) };
    },
    async read(id, state) {
      const { status, body } = await api("GET", `${item.path(state)}/${id}`);
      if (status === 404) return undefined;
      const known = item.inputs.filter((key) => key !== "collectorId");
      return { ...state, ...pick(open(body), [...known, ...item.outputs]) };
    },
    async update(id, inputs) {
      const body = { [item.envelope]: { ...item.wire(inputs), id: Number(id) } };
      await put(api, `${item.path(inputs)}/${id}`, body);
      return {};
    },
    async delete(id, state) {
      await api("DELETE", `${item.path(state)}/${id}`);
    },
  };
}

function headerList(headers: Value | undefined): Value {
  return Object.entries(isValues(headers) ? headers : {}).map(([name, value]) => ({ name, value }));
}
