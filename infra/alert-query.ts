import type { AlertRule } from "./alert-rule.ts";

/** The columns of the monitor's row. The webhook sends them: see alert-payload.ts. */
export const columns = {
  /** The monitor groups by this column: one alert per instance. */
  instance: "instance_id",
  /** Slow responses of `apiPath`; the monitor compares this column with the rule's count. */
  slow: "slow_count",
  /** All responses of `apiPath`. */
  requests: "request_count",
  /** Those with status 5xx, or 499 (the client closed the connection). */
  failed: "failed_count",
  /**
   * When the latest fast and successful response was logged, in milliseconds since 1970; 0 if there is
   * none. A response is successful if its status is 2xx or 3xx, or if it has no `status`.
   */
  lastSuccess: "last_success_ms",
} as const;

export interface LogScope {
  readonly logSourceCategory: string;
  /** One or more. */
  readonly instanceIds: readonly string[];
}

export interface QueryScope extends LogScope {
  readonly rule: AlertRule;
}

/**
 * The monitor's query: one row for each instance as long as it logs lines. A query that only counted slow
 * responses would have no row if nothing is slow. Sumo Logic would then resolve the alert a full window
 * later, and a healthy server would look like a dead one.
 *
 * It has no `timeslice`: its buckets are aligned to the clock, but the monitor's window rolls. Six slow
 * responses could be in two buckets of three, and the alert would never fire.
 */
export function monitorQuery(scope: QueryScope): string {
  const { apiPath, slowResponseSeconds } = scope.rule;
  return [
    ...instanceLines(scope),
    `| if(path = "${apiPath}", 1, 0) as is_request`,
    `| if(is_request = 1 and response_time_s > ${slowResponseSeconds}, 1, 0) as is_slow`,
    '| if(is_request = 1 and (status matches "5*" or status = "499"), 1, 0) as is_failed',
    '| if(is_request = 1 and is_slow = 0 and response_time_s >= 0 and (isNull(status) or status matches "2*" or status matches "3*"), _messagetime, 0) as success_ms',
    `| sum(is_slow) as ${columns.slow}, sum(is_request) as ${columns.requests}, sum(is_failed) as ${columns.failed}, max(success_ms) as ${columns.lastSuccess} by ${columns.instance}`,
    // Without it, the time is shown with six digits, as 1.795e+12:
    // https://help.sumologic.com/docs/search/search-query-language/search-operators/formatdate/
    `| toLong(${columns.lastSuccess})`,
  ].join("\n");
}

/** The saved search: slow responses and the slowest of them, one row per window. */
export function savedSearchQuery(scope: QueryScope): string {
  const { apiPath, slowResponseSeconds, windowMinutes } = scope.rule;
  return [
    ...instanceLines(scope),
    `| where path = "${apiPath}" and response_time_s > ${slowResponseSeconds}`,
    `| timeslice ${windowMinutes}m`,
    `| count as ${columns.slow}, max(response_time_s) as worst_s by _timeslice, ${columns.instance}`,
    "| sort by _timeslice asc",
  ].join("\n");
}

/**
 * The dashboard's chart of slow responses: one row per window of the rule, with the alert's threshold, the
 * requests per minute and the share of slow ones. Windows without a request have no row.
 */
export function slowResponsesQuery(scope: QueryScope): string {
  const { apiPath, slowResponseSeconds, maxSlowResponses, windowMinutes } = scope.rule;
  return [
    ...instanceLines(scope),
    `| where path = "${apiPath}"`,
    `| if(response_time_s > ${slowResponseSeconds}, 1, 0) as is_slow`,
    `| timeslice ${windowMinutes}m`,
    `| sum(is_slow) as ${columns.slow}, count as ${columns.requests} by _timeslice`,
    `| ${maxSlowResponses} as threshold`,
    `| ${columns.requests} / ${windowMinutes} as requests_per_minute`,
    `| 100 * ${columns.slow} / ${columns.requests} as slow_percent`,
    "| sort by _timeslice asc",
  ].join("\n");
}

/** The dashboard's chart of response times: median, 95th percentile and maximum per window, in seconds. */
export function responseTimesQuery(scope: QueryScope): string {
  const { apiPath, windowMinutes } = scope.rule;
  return [
    ...instanceLines(scope),
    `| where path = "${apiPath}" and response_time_s >= 0`,
    `| timeslice ${windowMinutes}m`,
    "| pct(response_time_s, 50) as p50_s, pct(response_time_s, 95) as p95_s, max(response_time_s) as max_s by _timeslice",
    "| sort by _timeslice asc",
  ].join("\n");
}

/** The dashboard's table of a group: slow and all responses, and the slowest of them, one row per instance. */
export function instancesQuery(scope: QueryScope): string {
  const { apiPath, slowResponseSeconds } = scope.rule;
  return [
    ...instanceLines(scope),
    `| where path = "${apiPath}"`,
    `| if(response_time_s > ${slowResponseSeconds}, 1, 0) as is_slow`,
    `| sum(is_slow) as ${columns.slow}, count as ${columns.requests}, max(response_time_s) as worst_s by ${columns.instance}`,
    `| sort by ${columns.slow} desc`,
  ].join("\n");
}

/** The dashboard's freshness of the log: lines per 5 minutes. A gap is a server or a shipper that is silent. */
export function logLinesQuery(scope: LogScope): string {
  return [
    accessLogQuery(scope),
    "| timeslice 5m",
    "| count as lines by _timeslice",
    "| sort by _timeslice asc",
  ].join("\n");
}

/** The time of the latest line, in UTC. */
export function latestLineQuery(scope: LogScope): string {
  return [
    accessLogQuery(scope),
    `| max(_messagetime) as latest_ms by ${columns.instance}`,
    '| formatDate(toLong(latest_ms), "yyyy-MM-dd HH:mm:ss", "UTC") as latest_line',
  ].join("\n");
}

/** All lines of the instances: the silence alert fires if none arrives. */
export function accessLogQuery(scope: LogScope): string {
  return [
    keywords(scope),
    '| json field=_raw "instance_id" as instance_id nodrop',
    ofInstances(scope),
  ].join("\n");
}

/** Lines and slowest response per path and instance: shows lines without the fields that the alerts need. */
export function logCheckQuery(logSourceCategory: string): string {
  return [
    `_sourceCategory=${logSourceCategory}`,
    readFields,
    ...responseTime(),
    `| count as lines, max(response_time_s) as worst_s by path, ${columns.instance}`,
    "| sort by lines desc",
  ].join("\n");
}

const readFields =
  '| json field=_raw "path", "status", "response_time_s", "instance_id" as path, status, response_time_s, instance_id nodrop';

/**
 * The instances' lines with their fields. The keywords only narrow the scan. `nodrop` keeps lines without
 * a field: the null fails each comparison.
 */
function instanceLines(scope: LogScope): string[] {
  return [keywords(scope), readFields, ofInstances(scope), ...responseTime()];
}

/** https://help.sumologic.com/docs/search/get-started-with-search/build-search/keyword-search-expressions/ */
function keywords({ logSourceCategory, instanceIds }: LogScope): string {
  const quoted = instanceIds.map((it) => `"${it}"`).join(" or ");
  return `_sourceCategory=${logSourceCategory} ${instanceIds.length > 1 ? `(${quoted})` : quoted}`;
}

/** https://help.sumologic.com/docs/search/search-query-language/search-operators/in/ */
function ofInstances({ instanceIds }: LogScope): string {
  const quoted = instanceIds.map((it) => `"${it}"`).join(", ");
  return `| where instance_id ${instanceIds.length > 1 ? `in (${quoted})` : `= ${quoted}`}`;
}

/** nginx can try several upstream servers for one response. The times of up to this many are added. */
const maxServers = 8;

/**
 * The stages that turn `response_time_s` into one number, or null if there is none.
 *
 * The field is a number, or nginx's list of the seconds of each upstream server: `4.059, 0.092` if the
 * first one failed, ` : ` instead of the comma after an internal redirect, `-` for no time.
 * https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_response_time
 *
 * Zeros make every list long enough for the pattern. Anything else, for example `350ms`, does not match.
 * Sumo Logic casts strings to numbers in an addition:
 * https://help.sumologic.com/docs/search/search-query-language/search-operators/manually-cast-data-string-number/
 */
function responseTime(): string[] {
  const names = Array.from({ length: maxServers }, (_, index) => `s${index + 1}`);
  const [first, ...others] = names;
  const separator = "[,: -]* ";
  const number = String.raw`\d+\.?\d*`;
  // Other web servers log one number, which can be -1, or 5e-05 in the notation of a JSON library.
  const pattern = [
    String.raw`^(?:${separator})?(?<${first}>-?${number}(?:[eE][-+]?\d+)?)`,
    ...others.map((name) => `${separator}(?<${name}>${number})`),
  ];
  return [
    `| concat(response_time_s, "${", 0".repeat(others.length)}") as times`,
    `| parse regex field=times "${pattern.join("")}" nodrop`,
    `| ${names.join(" + ")} as response_time_s`,
  ];
}
