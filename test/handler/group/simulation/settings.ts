import { loadProgram } from "../../../../sandbox/engine/program.ts";
import { queueArn } from "../../support.ts";
import type { Deployment } from "./deployment-model.ts";
import { windowMinutes } from "./fleet-model.ts";
import type { Outage, Services } from "./function-model.ts";
import { quietWindowsOf } from "./quiet-windows.ts";
import type { Random } from "./random.ts";

const { groupOf } =
  loadProgram<typeof import("../../../../handler/group/group.ts")>("handler/group/group.ts");
const { parseQuietHours } =
  loadProgram<typeof import("../../../../handler/quiet-hours.ts")>("handler/quiet-hours.ts");

const dayMs = 24 * 3_600_000;

/** When each simulation begins. */
export const startMs = Date.parse("2026-01-01T00:00:00Z");

/** Of the token in test/handler/support.ts. */
const tokenDigest = "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb";

export type Settings = ReturnType<typeof settingsOf>;

export interface Scenario {
  readonly instanceCount: number;
  readonly days: number;
  readonly seed: number;
  /** Deployments, mode changes and quiet hours, which otherwise only some groups have. */
  readonly hasAll?: boolean;
}

/** What differs from group to group. */
export function settingsOf({ instanceCount, days, hasAll = false }: Scenario, random: Random) {
  const isChosen = (share: number) => random.chance(share) || hasAll;
  const hasDeployments = isChosen(0.4);
  // The last instance is in the group only after a deployment has added it.
  const fleetIds = Array.from(
    { length: instanceCount + (hasDeployments ? 1 : 0) },
    (_, index) => `i-${String(index).padStart(17, "0")}`,
  );
  const first: Deployment = {
    instanceIds: fleetIds.slice(0, instanceCount),
    maxRebootingAtOnce: Math.min(random.pick([1, 1, 2, 3]), instanceCount - 1),
    maxRebootsPerDayInGroup: random.pick([6, 6, 2, 20]),
  };
  return {
    fleetIds,
    first,
    hasDeployments,
    hasSwitches: isChosen(0.35),
    ...(isChosen(0.35) ? quietHoursOf(days, random) : { quietHours: undefined, quietSpans: [] }),
    maxAffectedPercent: random.pick([34, 34, 34, 10, 100]),
    maxRebootsPerDay: random.pick([3, 3, 1]),
    cooldownMinutes: random.pick([30, 30, 13, 60]),
    checks: random.pick([
      { checkEveryMinutes: 3, maxChecks: 8 },
      { checkEveryMinutes: 1, maxChecks: 10 },
    ]),
    hasTargets: random.chance(0.3),
  };
}

/** Quiet hours, and when they are. */
function quietHoursOf(days: number, random: Random) {
  const { text, spans } = quietWindowsOf(random, { startMs, days });
  return { quietHours: parseQuietHours(text), quietSpans: spans };
}

export function groupFor(
  { maxAffectedPercent, hasTargets }: Settings,
  deployment: Deployment,
  describe: Services["describeTargets"],
) {
  const targetGroupArn =
    "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/api/0123456789abcdef";
  return groupOf({
    windowMinutes,
    limits: { ...deployment, maxAffectedPercent },
    ...(hasTargets && { targets: { targetGroupArn, minHealthyPercent: 75, describe } }),
  });
}

export function optionsOf(
  { maxRebootsPerDay, cooldownMinutes, checks, quietHours }: Settings,
  { instanceIds }: Deployment,
) {
  return {
    instanceIds,
    topicArn: "arn:aws:sns:us-east-1:111122223333:topic",
    tokenDigests: [tokenDigest],
    monitorName: "monitor",
    alertRule: "rule",
    alertSymptom: "slow responses",
    logGroupName: "log",
    functionName: "function",
    tableName: "table",
    queueUrl: "https://queue",
    queueArn,
    limits: { cooldownMinutes, maxRebootsPerDay },
    checks,
    ...(quietHours && { quietHours }),
  };
}

/** Some groups have no faults at all: there everything must happen exactly once. */
export function ratesOf(random: Random) {
  const scale = random.pick([0, 0.002, 0.01, 0.03]);
  return { crash: scale, refused: scale, lost: scale, conflict: 3 * scale };
}

/** A service of AWS that does not work for up to half an hour, every few days. */
export function outagesOf(random: Random, days: number): Outage[] {
  const isCalm = random.chance(0.4);
  const count = isCalm ? 0 : Math.ceil(days / 3);
  return Array.from({ length: count }, () => {
    const fromMs = startMs + random.between(0, days * dayMs);
    return {
      call: random.pick([
        "publish",
        "rebootInstances",
        "describeTargets",
        "sendMessage",
        "updateItem",
        "describeInstanceStatus",
      ]),
      fromMs,
      untilMs: fromMs + random.between(1, 30) * 60_000,
    };
  });
}
