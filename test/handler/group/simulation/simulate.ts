import { loadProgram } from "../../../../sandbox/engine/program.ts";
import { TableModel } from "../../incidents/table-model.ts";
import { queueArn, queueRecord } from "../../support.ts";
import { FleetModel, type Webhook, windowMinutes } from "./fleet-model.ts";
import { FunctionModel, type Invocation, type Outage, type Services } from "./function-model.ts";
import { Ledger } from "./ledger.ts";
import { QueueModel } from "./queue-model.ts";
import { type Random, randomOf } from "./random.ts";
import { Timeline } from "./timeline.ts";

const { groupOf } =
  loadProgram<typeof import("../../../../handler/group/group.ts")>("handler/group/group.ts");

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startMs = Date.parse("2026-01-01T00:00:00Z");

/** Of the token in test/handler/support.ts. */
const tokenDigest = "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb";

export interface Scenario {
  readonly instanceCount: number;
  readonly days: number;
  readonly seed: number;
}

/**
 * Lets a group work for some days, with faults everywhere. Returns how often what happened. Throws an error
 * with the seed as soon as the handler breaks a promise; see `Ledger`.
 */
export async function simulate(scenario: Scenario): Promise<Record<string, number>> {
  const random = randomOf(scenario.seed);
  // The claim waits for a random time before its next attempt.
  const mathRandom = Math.random;
  Math.random = random.next;
  try {
    return await run(scenario, random);
  } catch (error) {
    const { instanceCount, seed } = scenario;
    throw new Error(`${instanceCount} instances, SEED=${seed}: ${String(error)}`, { cause: error });
  } finally {
    Math.random = mathRandom;
  }
}

async function run({ instanceCount, days }: Scenario, random: Random) {
  const timeline = new Timeline(startMs);
  const endMs = startMs + days * dayMs;
  const settings = settingsOf(instanceCount, random);
  const { instanceIds, checks } = settings;
  const ledger = new Ledger({
    ...settings,
    leaseMinutes: checks.checkEveryMinutes * checks.maxChecks + 5,
  });
  const table = new TableModel();
  const problems: unknown[] = [];

  /** The first broken promise ends the simulation, wherever it was found. */
  function guarded(check: () => void): void {
    try {
      check();
    } catch (error) {
      problems.push(error);
    }
  }
  const queue = new QueueModel(timeline, random, (messageId, body) => {
    const { incidentId, instanceId } = JSON.parse(body) as Record<string, string>;
    const event = { Records: [queueRecord(body, { messageId })] };
    return new Promise((resolve) => {
      lambda.invoke(event, (invocation, { kind, ...result }) => {
        const failures = "value" in result ? (result.value as BatchResponse).batchItemFailures : [];
        const isReturned = kind !== "returned" || failures.length > 0;
        const about = { id: incidentId, instanceId, isReturned, isCrashed: kind === "crashed" };
        guarded(() => ledger.ended(invocation, about, timeline.nowMs));
        resolve(!isReturned);
      });
    });
  });
  const fleet = new FleetModel(
    { timeline, random, settings: { instanceIds, lost: 0.03, repeated: 0.1 } },
    post,
  );
  const lambda = new FunctionModel({
    timeline,
    random,
    rates: ratesOf(random),
    outages: outagesOf(random, days),
    calmFromMs: endMs,
    servicesOf,
    optionsOf: (describe) => ({ ...optionsOf(settings), group: groupFor(settings, describe) }),
  });

  function post({ event, instanceId, trigger }: Webhook): void {
    if (trigger === "ResolvedCritical") ledger.resolved(instanceId);
    lambda.invoke(event, (invocation, { kind, ...result }) => {
      const { body = "" } = ("value" in result ? result.value : {}) as { body?: string };
      const isWaiting = body.includes('"outcome":"waiting"');
      const about = { id: undefined, instanceId, isReturned: false, isCrashed: kind === "crashed" };
      guarded(() => ledger.ended(invocation, about, timeline.nowMs));
      if (isWaiting && invocation.faults.length === 0) {
        ledger.received(instanceId, trigger, timeline.nowMs);
      }
    });
  }

  function servicesOf(invocation: Invocation): Services {
    /** Each write is checked at its moment, before anything else happens. */
    const checked =
      <Input extends unknown[], Output>(write: (...input: Input) => Promise<Output>) =>
      (...input: Input): Promise<Output> => {
        const result = write(...input);
        for (const it of table.stream.splice(0)) guarded(() => ledger.written(it, timeline.nowMs));
        return result;
      };
    return {
      transactWrite: checked(table.clients.transactWrite),
      updateItem: checked(table.clients.updateItem),
      getItem: table.clients.getItem,
      describeInstanceStatus: async ({ InstanceIds = [] }) => ({
        $metadata: {},
        InstanceStatuses: InstanceIds.map((it) => fleet.statusOf(it)),
      }),
      sendMessage: async (input) => queue.send(input),
      rebootInstances: async ({ InstanceIds: [instanceId = ""] = [] }) => {
        guarded(() => ledger.rebooted(instanceId, timeline.nowMs));
        fleet.reboot(instanceId);
      },
      publish: async ({ Subject: subject = "", Message: text = "" }) => {
        invocation.mails.push({ subject, text });
        guarded(() => ledger.mailed({ subject, text }, timeline.nowMs));
      },
      describeTargets: async () => ({
        $metadata: {},
        TargetHealthDescriptions: fleet.targetHealth(),
      }),
    };
  }

  const manually = () => {
    const [instanceId] = random.some(instanceIds, 1);
    lambda.invoke({ instanceId, force: random.chance(0.5) }, (invocation, { kind }) => {
      const id = `manual-${invocation.requestId}`;
      const about = { id, instanceId, isReturned: false, isCrashed: kind === "crashed" };
      guarded(() => ledger.ended(invocation, about, timeline.nowMs));
    });
  };
  const events = [
    () => fleet.slowInstance(),
    () => fleet.slowInstance(),
    () => fleet.coincidence(),
    () => fleet.flapping(),
    () => fleet.sharedCause(),
    manually,
  ] as const;
  for (let day = 0; day < days; day++) {
    const first = day * dayMs + random.between(0, 20 * hourMs);
    for (let count = random.whole(1, 5); count > 0; count--) {
      const delayMs = first + random.between(0, random.pick([0.2, 2, 4])) * hourMs;
      timeline.after(delayMs, random.pick(events));
    }
  }
  await timeline.run(() => problems.length > 0);
  if (problems.length === 0) guarded(() => ledger.finished(queue.deadLetterQueue));
  if (problems.length > 0) throw problems[0];
  return ledger.counts;
}

type BatchResponse = { batchItemFailures: unknown[] };

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(instanceCount: number, random: Random) {
  const instanceIds = Array.from(
    { length: instanceCount },
    (_, index) => `i-${String(index).padStart(17, "0")}`,
  );
  return {
    instanceIds,
    maxAffectedPercent: random.pick([34, 34, 34, 10, 100]),
    maxRebootingAtOnce: Math.min(random.pick([1, 1, 2, 3]), instanceCount - 1),
    maxRebootsPerDayInGroup: random.pick([6, 6, 2, 20]),
    maxRebootsPerDay: random.pick([3, 3, 1]),
    cooldownMinutes: random.pick([30, 30, 13, 60]),
    checks: random.pick([
      { checkEveryMinutes: 3, maxChecks: 8 },
      { checkEveryMinutes: 1, maxChecks: 10 },
    ]),
    hasTargets: random.chance(0.3),
  };
}

function groupFor(settings: Settings, describe: Services["describeTargets"]) {
  const targetGroupArn =
    "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/api/0123456789abcdef";
  return groupOf({
    windowMinutes,
    limits: settings,
    ...(settings.hasTargets && { targets: { targetGroupArn, minHealthyPercent: 75, describe } }),
  });
}

function optionsOf({ instanceIds, maxRebootsPerDay, cooldownMinutes, checks }: Settings) {
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
  };
}

/** Some groups have no faults at all: there everything must happen exactly once. */
function ratesOf(random: Random) {
  const scale = random.pick([0, 0.002, 0.01, 0.03]);
  return { crash: scale, refused: scale, lost: scale, conflict: 3 * scale };
}

/** A service of AWS that does not work for up to half an hour, every few days. */
function outagesOf(random: Random, days: number): Outage[] {
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
