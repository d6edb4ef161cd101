import type { SumoLogicAccess } from "./stack.ts";

/** A saved search's rows: every value is a string. */
export type Records = Record<string, string>[];

/** An error response of the API. */
export class SumoLogicError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** True if the access key or the plan does not allow the call. */
  get isForbidden(): boolean {
    return this.status === 403;
  }
}

/** The calls of Sumo Logic's API that the drill and the incident report need; none of them changes anything. */
export class SumoLogicApi {
  private readonly baseUrl: string;
  private readonly authorization: string;

  constructor({ baseUrl, accessId, accessKey }: SumoLogicAccess) {
    this.baseUrl = baseUrl;
    this.authorization = `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString("base64")}`;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the API's bodies, of which a few fields are read
  async get(path: string): Promise<any> {
    return (await this.call("GET", path)).body;
  }

  /**
   * Runs an aggregating query over a time range and returns its rows. The job belongs to the cookies
   * that come with it: https://help.sumologic.com/docs/api/search-job/
   */
  async search(
    query: string,
    fromMs: number,
    toMs: number,
    sleep: (milliseconds: number) => Promise<void>,
  ): Promise<Records> {
    const range = { from: String(fromMs), to: String(toMs), timeZone: "UTC" };
    const { body: job, cookies } = await this.call("POST", "v1/search/jobs", { query, ...range });
    const path = `v1/search/jobs/${job.id}`;
    try {
      for (let attempt = 0; attempt < 60; attempt++) {
        const { state } = (await this.call("GET", path, undefined, cookies)).body;
        if (state === "DONE GATHERING RESULTS") {
          const page = await this.call(
            "GET",
            `${path}/records?offset=0&limit=1000`,
            undefined,
            cookies,
          );
          return page.body.records.map(({ map }: { map: Record<string, string> }) => map);
        }
        if (state === "CANCELLED" || state === "FORCE PAUSED") break;
        await sleep(2_000);
      }
      throw new Error("the search did not end");
    } finally {
      await this.call("DELETE", path, undefined, cookies).catch(() => {});
    }
  }

  private async call(method: string, path: string, body?: object, cookies = "") {
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      headers: {
        authorization: this.authorization,
        "content-type": "application/json",
        accept: "application/json",
        ...(cookies && { cookie: cookies }),
      },
      signal: AbortSignal.timeout(30_000),
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      const shown = text.slice(0, 300);
      throw new SumoLogicError(response.status, `${method} ${path}: ${response.status} ${shown}`);
    }
    const set = response.headers.getSetCookie().map((it) => it.split(";")[0]);
    return { body: text ? JSON.parse(text) : {}, cookies: set.join("; ") };
  }
}
