import type { AlertRule } from "./alert-rule.ts";

/** The columns of the monitor's row. The webhook sends them; see alert-payload.ts. */
export const columns = {
  /** The monitor groups by this column: one alert per instance. */
  instance: "instance_id",
  /** Slow responses of `apiPath`; the monitor compares this column with the rule's count. */
  slow: "slow_count",
  /** All responses of `apiPath`. */
  requests: "request_count",
  /** Those with status 5xx, or 499: the client gave up. */
  failed: "failed_count",
  /**
   * When the latest fast and successful response was logged, in milliseconds since 1970; 0 if none. A
   * response is successful with status 2xx or 3xx, or without a `status`.
   */
  lastSuccess: "last_success_ms",
} as const;

interface LogScope {
  readonly logSourceCategory: string;
  readonly instanceId: string;
}

interface QueryScope extends LogScope {
  readonly rule: AlertRule;
}

/**
 * The monitor's query: one row for the instance while any of its lines come. A query that only counts
 * slow responses has no row when nothing is slow, and then Sumo Logic resolves the alert a full window
 * later, and nobody can tell a cured server from a dead one.
 *
 * Without `timeslice`: its buckets are aligned to the clock while the monitor's window rolls, so six slow
 * responses could fall into two buckets of three and never fire.
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
    // Otherwise the largest time is shown with six digits, as 1.795e+12:
    // https://help.sumologic.com/docs/search/search-query-language/search-operators/formatdate/
    `| toLong(${columns.lastSuccess})`,
  ].join("\n");
}

/** The analyst's query: slow responses and the worst of them, a row for each window on the clock. */
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

/** All lines of the own instance, whatever they say: what must not stop coming. */
export function accessLogQuery({ logSourceCategory, instanceId }: LogScope): string {
  return [
    `_sourceCategory=${logSourceCategory} "${instanceId}"`,
    '| json field=_raw "instance_id" as instance_id nodrop',
    `| where instance_id = "${instanceId}"`,
  ].join("\n");
}

/** Who logs what, and how slow it gets: shows lines that lack what the other queries need. */
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
 * The instance's lines with their fields. The keyword only narrows the scan; `nodrop` keeps lines without
 * a field, whose null then fails each comparison.
 */
function instanceLines({ logSourceCategory, instanceId }: LogScope): string[] {
  return [
    `_sourceCategory=${logSourceCategory} "${instanceId}"`,
    readFields,
    `| where instance_id = "${instanceId}"`,
    ...responseTime(),
  ];
}

/** nginx can ask several servers for one response; the times of up to this many are added. */
const maxServers = 8;

/**
 * The stages that turn `response_time_s` into one number; null if there is none.
 *
 * The field is a number, or nginx's list of the seconds of each server that it asked: `4.059, 0.092`
 * if the first one failed, ` : ` instead of the comma after an internal redirect, `-` for no time.
 * https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_response_time
 *
 * Zeros make every list long enough for the pattern. Anything that is not such a list, `350ms` for
 * example, does not match. Sumo Logic casts text to numbers in an addition:
 * https://help.sumologic.com/docs/search/search-query-language/search-operators/manually-cast-data-string-number/
 */
function responseTime(): string[] {
  const names = Array.from({ length: maxServers }, (_, index) => `s${index + 1}`);
  const [first, ...others] = names;
  const separator = "[,: -]* ";
  const number = String.raw`\d+\.?\d*`;
  // The one number of other servers can be -1, or 5e-05 in a JSON library's notation.
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
