import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { serveLocally } from "../access.ts";
import type { CallUrl } from "../aws/function-url.ts";
import { isSame } from "../aws/signature.ts";
import type { Clock } from "../clock.ts";
import type { SumoLogicAccess } from "../secrets.ts";
import { Api } from "./api.ts";
import { ApiError, type Item, type Reply } from "./collection.ts";
import { readMessages } from "./intake.ts";
import { MonitorState } from "./monitors.ts";
import { type Notification, notify } from "./notify.ts";
import type { LogMessage } from "./query.ts";

/** Sumo Logic on this machine: the API calls of the real provider, log intake, monitors. */
export interface SumoLogic {
  /** For `sumologic:baseUrl`; ends in a slash, as the real provider needs it. */
  readonly apiUrl: string;
  /** Evaluates every monitor at the clock's minute and sends the notifications that are due. */
  evaluateMonitors(): Promise<Notification[]>;
  /** Responds to the next `requests` that bring logs with 429, and drops their logs. */
  throttle(requests: number): void;
  /** Disables a monitor as Sumo Logic itself does if it violates a limit. */
  disableBySystem(monitorId: string): void;
  enableBySystem(monitorId: string): void;
  /** Undoes the deletion of the user who owns everything. */
  restoreOwner(): void;
  /** How many things the API holds, by kind. */
  counts(): Record<string, number>;
  stop(): void;
}

/** Starts it on a loopback port, 0 for any. Its API accepts this access alone. */
export async function startSumoLogic({
  clock,
  access: { accessId, accessKey },
  callUrl,
  port: wantedPort = 0,
}: {
  clock: Clock;
  access: SumoLogicAccess;
  callUrl: CallUrl;
  port?: number;
}): Promise<SumoLogic> {
  const messages: LogMessage[] = [];
  const states = new Map<string, MonitorState>();
  const expected = `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString("base64")}`;
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    reply(request).then(
      (it) => send(response, it),
      (error) => send(response, errorReply(error)),
    );
  };
  const { server, port } = await serveLocally(onRequest, { port: wantedPort });
  const intakeUrl = `http://127.0.0.1:${port}/receiver/v1/http/`;
  const api = new Api(messages, (token) => intakeUrl + token);
  let throttled = 0;

  async function reply(request: IncomingMessage): Promise<Reply> {
    const { method = "", headers } = request;
    const { pathname, searchParams: query } = new URL(request.url ?? "/", intakeUrl);
    const content = await buffer(request);
    const [, token] = /^\/receiver\/v1\/http\/?(.*)$/.exec(pathname) ?? [];
    if (token !== undefined) return ingest(request, token, content);
    if (!isSame(headers.authorization ?? "", expected)) {
      throw new ApiError(401, "unauthorized", "Credential could not be verified.");
    }
    // Without the base URL's trailing slash a client loses `/api`.
    const [, path = pathname] = /^\/api\/(.*)$/.exec(pathname) ?? [];
    return api.reply({ method, path, query, headers, body: bodyOf(content) });
  }

  function ingest({ method, headers }: IncomingMessage, token: string, content: Buffer): Reply {
    const given = token || String(headers["x-sumo-token"] ?? "");
    const source = [...api.sources.items.values()].find((it) => isSame(it.token, given));
    if (!source) throw new ApiError(401, "unauthorized", "no source has this token");
    if (method !== "POST") throw new ApiError(405, "method.unsupported", "logs come by POST");
    if (throttled > 0) {
      throttled--;
      throw new ApiError(429, "rate.limit.exceeded", "dropped: send it again");
    }
    messages.push(...readMessages(source, headers, content, clock.now()));
    return { status: 200 };
  }

  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    async evaluateMonitors() {
      const monitors = [...api.library.items.values()].filter(
        (it) => it.contentType === "Monitor" && !it.isDisabled && !it.isSystemDisabled,
      );
      const sent = monitors.flatMap((monitor) => {
        const state = states.get(monitor.id) ?? new MonitorState();
        states.set(monitor.id, state);
        const due = state.evaluate(monitor, messages, clock.now());
        return due.map((it) => notify(monitor, it, api.connections.items, callUrl));
      });
      return (await Promise.all(sent)).flat();
    },
    throttle(requests) {
      throttled = requests;
    },
    disableBySystem: (monitorId) => api.setSystemDisabled(monitorId, true),
    enableBySystem: (monitorId) => api.setSystemDisabled(monitorId, false),
    restoreOwner: () => api.users.restoreOwner(),
    counts: () => ({
      connections: api.connections.items.size,
      monitorsAndFolders: api.library.items.size,
      searches: api.searches.items.size,
      dashboards: api.dashboards.items.size,
      collectors: api.collectors.items.size,
      sources: api.sources.items.size,
    }),
    stop: () => server.close(),
  };
}

function bodyOf(content: Buffer): Item {
  if (content.length === 0) return {};
  try {
    return Object(JSON.parse(content.toString()));
  } catch {
    throw new ApiError(400, "invalid_json", "the body is not JSON");
  }
}

function errorReply(error: Error): Reply {
  const { status, code } = error instanceof ApiError ? error : { status: 400, code: "sandbox" };
  return { status, body: { id: "SANDBOX", errors: [{ code, message: error.message }] } };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  const content = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(content),
    ...headers,
  });
  response.end(content);
}
