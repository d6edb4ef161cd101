/** The condition of the alert. Both limits are exclusive: "more than". */
export interface AlertRule {
  /** The path whose responses count: an exact match, without query string. */
  readonly apiPath: string;
  /** A response of more than this many seconds is slow. */
  readonly slowResponseSeconds: number;
  /** More than this many slow responses fire the alert: 5 means that the 6th does. */
  readonly maxSlowResponses: number;
  readonly windowMinutes: number;
}

/**
 * The windows that Sumo Logic's monitors support, in minutes:
 * https://help.sumologic.com/docs/alerts/monitors/create-monitor/
 */
export const monitorWindows = [2, 5, 10, 15, 30, 60, 180, 360, 720, 1440];

/** The rule in words, for e-mails and descriptions. */
export function describeRule(rule: AlertRule): string {
  return (
    `more than ${rule.maxSlowResponses} responses of ${rule.apiPath} ` +
    `over ${rule.slowResponseSeconds} s in ${rule.windowMinutes} minutes`
  );
}

/** What the monitor counts, after the number: `responses of /api/data took over 3 s`. */
export function describeSymptom({ apiPath, slowResponseSeconds }: AlertRule): string {
  return `responses of ${apiPath} took over ${slowResponseSeconds} s`;
}

/** The monitor's name. Names in the monitor library have no slash and no space at either end. */
export function monitorName({ apiPath }: AlertRule): string {
  const words = apiPath.replaceAll("/", " ").trim();
  return `Slow responses of ${words || "the root path"}`;
}
