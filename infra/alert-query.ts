import type { AlertRule } from "./alert-rule.ts";

/** The monitor compares this column with the rule's count. */
export const countField = "slow_count";
/** One alert an instance: the monitor groups by this column. */
export const groupField = "instance_id";

interface LogScope {
  readonly logSourceCategory: string;
  readonly instanceId: string;
}

interface QueryScope extends LogScope {
  readonly rule: AlertRule;
}

/**
 * The monitor's query: one row with the number of the own instance's slow responses in the window.
 *
 * Without `timeslice`: buckets stand on the clock while the monitor's window rolls, so six slow
 * responses could fall into two buckets of three and never fire.
 */
export function monitorQuery(scope: QueryScope): string {
  return [...slowResponses(scope), `| count as ${countField} by ${groupField}`].join("\n");
}

/** The analyst's query: slow responses and the worst of them, a row for each window on the clock. */
export function savedSearchQuery(scope: QueryScope): string {
  return [
    ...slowResponses(scope),
    `| timeslice ${scope.rule.windowMinutes}m`,
    `| count as ${countField}, max(response_time_s) as worst_s by _timeslice, ${groupField}`,
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
    "| num(response_time_s)",
    `| count as lines, max(response_time_s) as worst_s by path, ${groupField}`,
    "| sort by lines desc",
  ].join("\n");
}

const readFields =
  '| json field=_raw "path", "response_time_s", "instance_id" as path, response_time_s, instance_id nodrop';

/**
 * The lines that count. The keyword only narrows the scan and would also match `/api/database`;
 * `nodrop` keeps lines without a field, whose null then fails the exact comparison; `num` makes
 * the comparison one of numbers.
 */
function slowResponses({ rule, logSourceCategory, instanceId }: QueryScope): string[] {
  return [
    `_sourceCategory=${logSourceCategory} "${rule.apiPath}"`,
    readFields,
    `| where path = "${rule.apiPath}" and instance_id = "${instanceId}"`,
    "| num(response_time_s)",
    `| where response_time_s > ${rule.slowResponseSeconds}`,
  ];
}
