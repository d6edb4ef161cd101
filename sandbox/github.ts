import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** The part of GitHub's REST API that the pipeline's scripts use, for one repository, on loopback. */
export interface FakeGitHub {
  /** Variables of a workflow's run in that repository. */
  readonly environment: Readonly<Record<string, string>>;
  readonly issues: Issue[];
  readonly comments: Comment[];
  /** The changing calls, as "METHOD path". */
  readonly changes: string[];
  /** What to answer to each changing call instead. */
  refusal?: { status: number; message: string };
  stop(): Promise<void>;
}

export interface Issue {
  readonly number: number;
  readonly user: { login: string };
  state: "open" | "closed";
  title: string;
  body: string | null;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly user: { login: string };
  body: string;
}

interface Fields {
  readonly title?: string;
  readonly body?: string;
  readonly state?: "closed";
}

interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

function refused(status: number, message: string): Reply {
  return { status, body: { message } };
}

/** Who writes with the token of a workflow. */
export const bot = { login: "github-actions[bot]" };
const token = "the-token";
const root = "/repos/acme/watchdog/";

/** Starts it. Lists have at most `pageSize` items a page, whatever is asked for. */
export async function startFakeGitHub(pageSize = 100): Promise<FakeGitHub> {
  const issues: Issue[] = [];
  const comments: Comment[] = [];
  const changes: string[] = [];
  const fake: Omit<FakeGitHub, "environment" | "stop"> = { issues, comments, changes };

  const addressed = (it: object | undefined) => it && { ...it, html_url: "https://github.test/it" };
  const routes: readonly [RegExp, (id: number, fields: Fields) => object | undefined][] = [
    [/^GET issues$/, () => issues.filter((it) => it.state === "open")],
    [/^GET issues\/\d+\/comments$/, (issue) => comments.filter((it) => it.issue === issue)],
    [
      /^POST issues$/,
      (_, { title = "", body = "" }) => {
        issues.push({ number: 100 + issues.length, user: bot, state: "open", title, body });
        return addressed(issues.at(-1));
      },
    ],
    [
      /^PATCH issues\/\d+$/,
      (number, fields) => {
        const issue = issues.find((it) => it.number === number);
        return addressed(issue && Object.assign(issue, fields));
      },
    ],
    [
      /^POST issues\/\d+\/comments$/,
      (issue, { body = "" }) => {
        comments.push({ id: 1_000 + comments.length, issue, user: bot, body });
        return addressed(comments.at(-1));
      },
    ],
    [
      /^PATCH issues\/comments\/\d+$/,
      (id, fields) => {
        const comment = comments.find((it) => it.id === id);
        return addressed(comment && Object.assign(comment, fields));
      },
    ],
  ];

  async function replyTo(request: IncomingMessage): Promise<Reply> {
    const { method = "", headers, url = "" } = request;
    const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
    if (headers.authorization !== `Bearer ${token}`) return refused(401, "Bad credentials");
    const call = `${method} ${pathname.replace(root, "")}`;
    if (method !== "GET") {
      changes.push(call);
      if (fake.refusal) return refused(fake.refusal.status, fake.refusal.message);
    }
    const route = routes.find(([form]) => form.test(call));
    const id = Number(/\d+/.exec(call)?.[0]);
    const body = route?.[1](id, method === "GET" ? {} : ((await json(request)) as Fields));
    if (!body) return refused(404, "Not Found");
    if (!Array.isArray(body)) return { status: 200, body };
    const page = Number(searchParams.get("page") ?? 1);
    const rest = body.slice((page - 1) * pageSize).map(addressed);
    searchParams.set("page", String(page + 1));
    const link = `<http://${headers.host}${pathname}?${searchParams}>; rel="next"`;
    const items = rest.slice(0, pageSize);
    return { status: 200, body: items, ...(rest.length > pageSize && { headers: { link } }) };
  }

  const server = createServer(async (request, response) => {
    const { status, body, headers } = await replyTo(request);
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, {
    environment: {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_SERVER_URL: "https://github.test",
      GITHUB_REPOSITORY: "acme/watchdog",
      GITHUB_RUN_ID: "77",
      GITHUB_TOKEN: token,
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
