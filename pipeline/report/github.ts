import { required } from "./environment.ts";

const timeoutMs = 30_000;
/** Who writes with the token that a workflow is given. */
const writer = "github-actions[bot]";

/** An issue or a comment, with the fields that are read. */
export interface Post {
  readonly body?: string | null;
  readonly user?: { readonly login: string } | null;
}

/** The repository of the workflow in GitHub's REST API; paths begin at it. */
export interface Repository {
  /** The first of a list, page after page, that a workflow wrote and that begins with this marker. */
  findOwn<T extends Post>(path: string, marker: string): Promise<T | undefined>;
  /** One thing; nothing if there is none. */
  find<T>(path: string): Promise<T | undefined>;
  send<T>(method: "POST" | "PATCH", path: string, body: object): Promise<T>;
}

/**
 * Anybody may write a marker, but not as the workflow; and what the workflow quotes of others is never what a
 * post begins with.
 */
function isOwn({ body, user }: Post, marker: string): boolean {
  return user?.login === writer && (body ?? "").startsWith(`${marker}\n`);
}

/**
 * Reaches the repository with the token of the workflow, which needs `permission`, such as `issues: write`.
 * Each call throws an error that names the call, GitHub's response, and that permission.
 * https://docs.github.com/en/rest
 */
export function openRepository(permission: string): Repository {
  const base = `${required("GITHUB_API_URL")}/repos/${required("GITHUB_REPOSITORY")}`;
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${required("GITHUB_TOKEN")}`,
    "user-agent": "reboot-automation",
    "x-github-api-version": "2022-11-28",
  };

  async function call(
    method: string,
    url: string,
    { body, accepted }: { body?: object; accepted?: number } = {},
  ): Promise<Response> {
    const failed = (why: string) => new Error(`${method} ${url}: ${why}`);
    const response = await fetch(url, {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: Error) => {
      const { message } = (error.cause ?? error) as Error;
      throw failed(`GitHub cannot be reached: ${message}`);
    });
    if (response.ok || response.status === accepted) return response;
    const responseText = (await response.text()).slice(0, 300);
    throw failed(
      `GitHub responded ${response.status} ${responseText}. The job needs \`${permission}\` under \`permissions\` in .github/workflows/.`,
    );
  }

  return {
    async findOwn<T extends Post>(path: string, marker: string) {
      let next: string | undefined = `${base}/${path}${path.includes("?") ? "&" : "?"}per_page=100`;
      while (next) {
        const response: Response = await call("GET", next);
        const posts = (await response.json()) as T[];
        const found = posts.find((it) => isOwn(it, marker));
        if (found) return found;
        // https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
        next = /<([^<>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
      }
      return undefined;
    },
    async find<T>(path: string) {
      const response = await call("GET", `${base}/${path}`, { accepted: 404 });
      return response.ok ? ((await response.json()) as T) : undefined;
    },
    async send<T>(method: string, path: string, body: object) {
      const response = await call(method, `${base}/${path}`, { body });
      return (await response.json()) as T;
    },
  };
}
