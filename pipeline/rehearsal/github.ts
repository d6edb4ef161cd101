import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { serveLocally } from "../../sandbox/access.ts";
import { randomHex } from "../../sandbox/secrets.ts";
import { repository } from "./github-token.ts";

/** The part of GitHub's REST API that the pipeline's scripts use, for one repository, on loopback. */
export interface FakeGitHub {
  /** Variables of a workflow's run in that repository. */
  readonly environment: Readonly<Record<string, string>>;
  readonly issues: Issue[];
  readonly comments: Comment[];
  /** The changing calls, as "METHOD path". */
  readonly changes: string[];
  /** The response to each call that changes something, instead of the usual one. */
  refusal?: { status: number; message: string };
  /** Environment → which branches may deploy to it. */
  readonly environments: Record<string, FakeEnvironment>;
  /** Whether a job of a ref may deploy to an environment; one that is missing is created without protection. */
  mayDeploy(environment: string, ref: string): boolean;
  /** A token as a job gets it: it may do what is listed, as `GITHUB_TOKEN` of the environment all. */
  tokenFor(permissions: Permissions): string;
  stop(): Promise<void>;
}

/** Scope → `read` or `write`, as in a job's `permissions`. */
export type Permissions = Readonly<Record<string, string>>;

/** https://docs.github.com/en/rest/deployments/environments */
export interface FakeEnvironment {
  /** Null where any branch may deploy. */
  deployment_branch_policy: {
    readonly protected_branches: boolean;
    readonly custom_branch_policies: boolean;
  } | null;
  /** With `custom_branch_policies`, the names that may deploy. */
  readonly branch_policies: { readonly name: string; readonly type: "branch" | "tag" }[];
}

/** What GitHub does not let a workflow's token do: https://docs.github.com/en/rest/actions */
const inaccessible = "Resource not accessible by integration";

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
export const fullName = `${repository.owner}/${repository.name}`;
const root = `/repos/${fullName}/`;

/** Starts it. Lists have at most `pageSize` items a page, whatever is asked for. */
export async function startFakeGitHub(pageSize = 100): Promise<FakeGitHub> {
  const issues: Issue[] = [];
  const comments: Comment[] = [];
  const changes: string[] = [];
  const token = randomHex(20);
  const environments: Record<string, FakeEnvironment> = {};
  const tokens = new Map<string, Permissions | "all">([[token, "all"]]);
  const fake: Omit<FakeGitHub, "environment" | "stop"> = {
    issues,
    comments,
    changes,
    environments,
    mayDeploy(name, ref) {
      environments[name] ??= { deployment_branch_policy: null, branch_policies: [] };
      const { deployment_branch_policy, branch_policies } = environments[name];
      // No branch of the sandbox's repository has a protection rule, and then all may deploy.
      if (!deployment_branch_policy?.custom_branch_policies) return true;
      return branch_policies.some(
        (it) => ref === `refs/${it.type === "tag" ? "tags" : "heads"}/${it.name}`,
      );
    },
    tokenFor(permissions) {
      const it = `${token}-${tokens.size}`;
      tokens.set(it, permissions);
      return it;
    },
  };

  /** The scopes of which a call needs one: comments of a pull request and of an issue are one API. */
  function scopesOf(call: string, id: number): string[] {
    if (/^\w+ environments\//.test(call)) return ["actions"];
    const issue = call.includes("issues/comments/")
      ? comments.find((it) => it.id === id)?.issue
      : id;
    const isOfPullRequest = /\/comments/.test(call) && !issues.some((it) => it.number === issue);
    return [isOfPullRequest ? "pull-requests" : "issues"];
  }

  function mayDo(permissions: Permissions | "all", method: string, scopes: string[]): boolean {
    if (permissions === "all") return true;
    return scopes.some(
      (it) => permissions[it] === "write" || (method === "GET" && permissions[it] === "read"),
    );
  }

  const addressed = (it: object | undefined) => it && { ...it, html_url: "https://github.test/it" };
  const routes: readonly [
    RegExp,
    (id: number, fields: Fields, call: string) => object | undefined,
  ][] = [
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
    [/^GET environments\/[^/]+$/, (_, __, call) => environmentOf(call)],
    [
      /^GET environments\/[^/]+\/deployment-branch-policies$/,
      (_, __, call) => {
        const { branch_policies } = environmentOf(call) ?? {};
        return branch_policies && { total_count: branch_policies.length, branch_policies };
      },
    ],
  ];

  function environmentOf(call: string): FakeEnvironment | undefined {
    return environments[decodeURIComponent(call.split("/")[1] ?? "")];
  }

  async function replyTo(request: IncomingMessage): Promise<Reply> {
    const { method = "", headers, url = "" } = request;
    const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
    const permissions = tokens.get(headers.authorization?.replace("Bearer ", "") ?? "");
    if (!permissions) return refused(401, "Bad credentials");
    const call = `${method} ${pathname.replace(root, "")}`;
    const id = Number(/\d+/.exec(call)?.[0]);
    if (!mayDo(permissions, method, scopesOf(call, id))) return refused(403, inaccessible);
    if (method !== "GET") {
      changes.push(call);
      if (fake.refusal) return refused(fake.refusal.status, fake.refusal.message);
    }
    const route = routes.find(([form]) => form.test(call));
    const body = route?.[1](id, method === "GET" ? {} : ((await json(request)) as Fields), call);
    if (!body) return refused(404, "Not Found");
    if (!Array.isArray(body)) return { status: 200, body };
    const page = Number(searchParams.get("page") ?? 1);
    const rest = body.slice((page - 1) * pageSize).map(addressed);
    searchParams.set("page", String(page + 1));
    const link = `<http://${headers.host}${pathname}?${searchParams}>; rel="next"`;
    const items = rest.slice(0, pageSize);
    return { status: 200, body: items, ...(rest.length > pageSize && { headers: { link } }) };
  }

  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const { status, body, headers } = await replyTo(request);
    response.writeHead(status, headers).end(JSON.stringify(body));
  };
  const { server, port } = await serveLocally(onRequest);
  return Object.assign(fake, {
    environment: {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_SERVER_URL: "https://github.test",
      GITHUB_REPOSITORY: fullName,
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
