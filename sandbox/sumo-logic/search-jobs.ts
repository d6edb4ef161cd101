import { randomBytes } from "node:crypto";
import { ApiError, type ApiRequest, type Item, type Reply } from "./collection.ts";
import { isAggregate, type LogMessage, type Row, runQuery } from "./query.ts";

interface Job {
  readonly rows: Row[];
  readonly isAggregate: boolean;
  /** Requests for its status so far: it is still gathering at the first. */
  asked: number;
}

/**
 * Searches that are asked for by the API. A job must be waited for, and belongs to the cookie that
 * came with its creation. https://help.sumologic.com/docs/api/search-job/
 */
export class SearchJobs {
  private readonly jobs = new Map<string, Job>();

  /** Responds to the calls below `v1/search/jobs`; the path's parts are the job's id and its results. */
  reply(request: ApiRequest, messages: readonly LogMessage[]): Reply {
    const { method, body, headers, query } = request;
    const [id, kind] = request.path.split("/").slice(3);
    if (id === undefined && method === "POST") {
      const job = this.create(body, messages);
      const cookie = { "set-cookie": `SUMO_SESSION=${job}; Path=/` };
      return { status: 202, body: { id: job }, headers: cookie };
    }
    const isResults = kind === "messages" || kind === "records";
    const known = kind === undefined ? ["GET", "DELETE"] : isResults ? ["GET"] : [];
    if (id === undefined || !known.includes(method)) {
      const message = `the sandbox's Sumo Logic does not have ${method} ${request.path}`;
      throw new ApiError(501, "sandbox", message);
    }
    const job = this.find(id, headers.cookie);
    if (method === "DELETE") {
      this.jobs.delete(id);
      return { status: 200, body: { id } };
    }
    return { status: 200, body: kind ? pageOf(job, kind, query) : statusOf(job) };
  }

  private create(body: Item, messages: readonly LogMessage[]): string {
    const [from, to] = [timeOf("from", body.from), timeOf("to", body.to)];
    if (from > to) throw new ApiError(400, "to.smaller.than.from", "from is after to");
    if (!body.timeZone) throw new ApiError(400, "empty.timezone", "timeZone is missing");
    if (!body.query) throw new ApiError(400, "no.query", "query is missing");
    const inRange = messages.filter(({ timeMs }) => timeMs >= from && timeMs < to);
    try {
      const rows = runQuery(body.query, inRange);
      const id = randomBytes(8).toString("hex").toUpperCase();
      this.jobs.set(id, { rows, isAggregate: isAggregate(body.query), asked: 0 });
      return id;
    } catch (error) {
      throw new ApiError(400, "parse.error", (error as Error).message);
    }
  }

  private find(id: string, cookie: string | undefined): Job {
    const job = this.jobs.get(id);
    if (!job || !cookie?.includes(`SUMO_SESSION=${id}`)) {
      throw new ApiError(404, "jobid.invalid", "Job ID is invalid.");
    }
    return job;
  }
}

function statusOf(job: Job): Item {
  job.asked++;
  const isDone = isGathered(job);
  const count = isDone ? job.rows.length : 0;
  return {
    state: isDone ? "DONE GATHERING RESULTS" : "GATHERING RESULTS",
    messageCount: job.isAggregate ? 0 : count,
    recordCount: job.isAggregate ? count : 0,
    pendingErrors: [],
    pendingWarnings: [],
  };
}

function isGathered({ asked }: Job): boolean {
  return asked > 1;
}

/** Rows as the API has them: every value is text. Who does not wait for the job gets none. */
function pageOf(job: Job, kind: string, query: URLSearchParams): Item {
  if (kind === "records" && !job.isAggregate) {
    throw new ApiError(400, "no.records.not.an.aggregation.query", "the query is no aggregation");
  }
  const [offset = Number.NaN, limit = Number.NaN] = ["offset", "limit"].map((name) =>
    Number(query.get(name) ?? Number.NaN),
  );
  if (!(offset >= 0)) throw new ApiError(400, "offset.missing", "offset is missing");
  if (!(limit > 0)) throw new ApiError(400, "limit.missing", "limit is missing");
  const maps = (isGathered(job) ? job.rows : [])
    .slice(offset, offset + limit)
    .map((row) => Object.entries(row).map(([name, value]) => [name, String(value ?? "")]));
  return { fields: [], [kind]: maps.map((map) => ({ map: Object.fromEntries(map) })) };
}

/** Milliseconds since 1970, or a date and time in UTC. */
function timeOf(field: string, value: unknown): number {
  const text = String(value);
  const timeMs = /^\d{13}$/.test(text) ? Number(text) : Date.parse(`${text.replace(/Z$/, "")}Z`);
  if (Number.isNaN(timeMs))
    throw new ApiError(400, `invalid.timestamp.${field}`, `not a time: ${text}`);
  return timeMs;
}
