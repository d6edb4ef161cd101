/** The condition that people and the monitor agree on. Both numbers are strict: "more than". */
export interface AlertRule {
  /** The path whose responses count, exactly, without query string. */
  readonly apiPath: string;
  /** A response of more than this many seconds is slow. */
  readonly slowResponseSeconds: number;
  /** More than this many slow responses fire the alert: 5 means that the 6th does. */
  readonly maxSlowResponses: number;
  readonly windowMinutes: number;
}

/** The rule in one line of words, such as for an e-mail. */
export function describeRule(rule: AlertRule): string {
  return (
    `more than ${rule.maxSlowResponses} responses of ${rule.apiPath} ` +
    `over ${rule.slowResponseSeconds} s in ${rule.windowMinutes} minutes`
  );
}

/** The monitor's name. Names in the monitor library have no slash, and no blank at either end. */
export function monitorName({ apiPath }: AlertRule): string {
  const words = apiPath.replaceAll("/", " ").trim();
  return `Slow responses of ${words || "the root path"}`;
}
