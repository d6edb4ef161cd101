import type { Invocation } from "./function-model.ts";
import type { Switch } from "./operator-model.ts";

/** Whether the kill switches of an instance and of its group prevent each reboot while one is `off` or `dryrun`. */
export class LedgerOfSwitches {
  /** The changes, by instance and of the group, the latest last. */
  private readonly changes = new Map<string, (Switch & { readonly atMs: number })[]>();

  switched(change: Switch, nowMs: number): void {
    const before = this.changes.get(change.target) ?? [];
    this.changes.set(change.target, [...before, { ...change, atMs: nowMs }]);
  }

  /** The reboot of an instance was claimed at this moment. */
  claimed(instanceId: string, nowMs: number): void {
    for (const target of [instanceId, "group"]) {
      const [latest] = this.modesSince(target, nowMs);
      if (latest && latest !== "on") {
        throw new Error(`${instanceId} was claimed although the mode of ${target} is ${latest}`);
      }
    }
  }

  /** EC2 got a dry run. A person asked for it, or the mode was `dryrun` at some time of the invocation. */
  triedDryRun(instanceId: string, { event, startedAtMs }: Invocation): void {
    const isWanted = (event as { dryRun?: boolean }).dryRun === true;
    const modes = [instanceId, "group"].flatMap((it) => this.modesSince(it, startedAtMs));
    if (!isWanted && !modes.includes("dryrun")) {
      throw new Error(`EC2 got a dry run of ${instanceId} although nobody asked for it`);
    }
  }

  /** The modes of an instance, or of the group, since then; the first one is that of this moment. */
  private modesSince(target: string, sinceMs: number) {
    const changes = this.changes.get(target) ?? [];
    return changes
      .filter((_, index) => (changes[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) > sinceMs)
      .map(({ mode, untilMs = Number.POSITIVE_INFINITY }) => (sinceMs < untilMs ? mode : "on"));
  }
}
