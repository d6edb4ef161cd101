import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text as readText } from "node:stream/consumers";
import type { Clock } from "../clock.ts";
import type { CallUrl } from "../function-url.ts";
import { listen } from "../http.ts";
import { MonitorState, type Notification, notify } from "./monitors.ts";
import type { LogMessage } from "./query.ts";
import { type Item, Store } from "./store.ts";

/** Sumo Logic on this machine: the API calls of the real provider, log intake, monitors. */
export interface SumoLogic {
  /** For `sumologic:baseUrl`; ends in a slash, as the real provider needs it. */
  readonly apiUrl: string;
  /** Where logs are posted to, as to a hosted HTTP source. */
  readonly intakeUrl: string;
  /** Evaluates every monitor at the clock's time and calls the webhooks that are due. */
  evaluateMonitors(): Promise<Notification[]>;
  /** How many things the API holds, by kind. */
  counts(): Record<string, number>;
  stop(): void;
}

interface Reply {
  readonly status: number;
  readonly body?: Item;
}

/** Starts it on a free loopback port. `credentials` are `accessId:accessKey`. */
export async function startSumoLogic({
  clock,
  credentials,
  callUrl,
}: {
  clock: Clock;
  credentials: string;
  callUrl: CallUrl;
}): Promise<SumoLogic> {
  const connections = new Store();
  const library = new Store();
  const searches = new Store();
  const states = new Map<string, MonitorState>();
  const messages: LogMessage[] = [];
  const expected = `Basic ${Buffer.from(credentials).toString("base64")}`;

  async function reply(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? "/", "http://sumo");
    const content = await readText(request);
    if (url.pathname === "/receiver/v1/http/sandbox") return takeLogs(request, content);
    if (request.headers.authorization !== expected) return failure(401, "bad credentials");
    const body: Item = content ? JSON.parse(content) : {};
    const [, path = ""] = /^\/api\/(.*)$/.exec(url.pathname) ?? [];
    const route = `${request.method} ${path}`;
    if (route === "GET v2/content/folders/personal") {
      return { status: 200, body: { id: "00000000000000AA", name: "Personal", children: [] } };
    }
    if (route === "GET v1/monitors/root") return { status: 200, body: { id: "0000000000000001" } };
    if (/^GET v1\/monitors\/\w+\/permissions$/.test(route)) {
      return { status: 200, body: { permissionStatements: [] } };
    }
    const [, collection, id] =
      /^v1\/(connections|monitors|logSearches)(?:\/(\w+))?$/.exec(path) ?? [];
    if (collection === "connections") return crud(connections, request, id, body, asConnection);
    if (collection === "monitors") return crud(library, request, id, body);
    if (collection === "logSearches") return crud(searches, request, id, body);
    return failure(501, `the sandbox's Sumo Logic does not have ${route}`);
  }

  function takeLogs(request: IncomingMessage, content: string): Reply {
    const sourceCategory = request.headers["x-sumo-category"];
    if (request.method !== "POST" || typeof sourceCategory !== "string") {
      return failure(400, "logs come by POST with the header X-Sumo-Category");
    }
    for (const raw of content.split("\n").filter((line) => line !== "")) {
      messages.push({ raw, sourceCategory, timeMs: clock.now() });
    }
    return { status: 200 };
  }

  const { server, port } = await listen(createServer(), 0);
  server.on("request", (request, response: ServerResponse) => {
    const send = ({ status, body }: Reply) => {
      response.writeHead(status, { "content-type": "application/json", etag: '"1"' });
      response.end(body === undefined ? "" : JSON.stringify(body));
    };
    reply(request).then(send, (error) => send(failure(400, error.message)));
  });

  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    intakeUrl: `http://127.0.0.1:${port}/receiver/v1/http/sandbox`,
    async evaluateMonitors() {
      const monitors = [...library.items.values()].filter((it) => it.contentType === "Monitor");
      const sent = await Promise.all(
        monitors.map((monitor) => {
          const state = states.get(monitor.id) ?? new MonitorState();
          states.set(monitor.id, state);
          const due = state.evaluate(monitor, messages, clock.now());
          return due ? notify(monitor, due, connections.items, callUrl) : [];
        }),
      );
      return sent.flat();
    },
    counts: () => ({
      connections: connections.items.size,
      monitorsAndFolders: library.items.size,
      searches: searches.items.size,
    }),
    stop: () => server.close(),
  };
}

/** Create, read, update and delete; `show` is how an item is answered. */
function crud(
  store: Store,
  request: IncomingMessage,
  id: string | undefined,
  body: Item,
  show: (item: Item) => Item = (item) => item,
): Reply {
  if (id === undefined && request.method === "POST") {
    return { status: 200, body: show(store.add(body)) };
  }
  const item = store.items.get(id ?? "");
  if (!item) return failure(404, `no item ${id}`);
  if (request.method === "GET") return { status: 200, body: show(item) };
  if (request.method === "PUT") {
    if (request.headers["if-match"] === undefined) return failure(412, "If-Match is missing");
    const updated = { ...item, ...body, id: item.id };
    store.items.set(item.id, updated);
    return { status: 200, body: show(updated) };
  }
  if (request.method === "DELETE") {
    store.items.delete(item.id);
    return { status: 204 };
  }
  return failure(405, `${request.method} is not known here`);
}

/** The API answers another type than it takes, and header values only as a mask. */
function asConnection(item: Item): Item {
  const headers = ((item.headers ?? []) as Item[]).map(({ name }) => ({ name, value: "********" }));
  return { ...item, type: "WebhookConnection", headers };
}

function failure(status: number, message: string): Reply {
  return { status, body: { errors: [{ code: "sandbox", message }] } };
}
