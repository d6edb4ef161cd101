import type { LogRecord } from "../../drill/function-log.ts";

/** Requests that a limit or the kill switch suppressed, by the same one. */
export interface Suppression {
  /** For example "suppressed by the cool-down". */
  readonly by: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The rest of the last one's reason, for example when the limit ends. */
  readonly reason: string;
}

/** The reason of a suppressed request; undefined for another record. */
export function suppressionReason({ message }: LogRecord): string | undefined {
  const { outcome, reason } = message;
  const isSuppressed =
    outcome === "skipped" && typeof reason === "string" && reason.startsWith("suppressed ");
  return isSuppressed ? reason : undefined;
}

/** What was suppressed in a period, in the order of its first record. A storm of alerts is one entry. */
export function suppressionsIn(
  records: readonly LogRecord[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Suppression[] {
  const found = new Map<string, Suppression>();
  for (const record of records) {
    const reason = suppressionReason(record);
    const { atMs } = record;
    if (reason === undefined || !(atMs >= fromMs && atMs <= toMs)) continue;
    const [by = ""] = reason.split(":", 1);
    const known = found.get(by);
    found.set(by, {
      by,
      count: (known?.count ?? 0) + 1,
      firstMs: Math.min(known?.firstMs ?? atMs, atMs),
      lastMs: Math.max(known?.lastMs ?? atMs, atMs),
      reason: reason.slice(by.length + 1).trim(),
    });
  }
  return [...found.values()];
}
