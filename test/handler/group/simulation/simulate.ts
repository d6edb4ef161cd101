import { TableModel } from "../../incidents/table-model.ts";
import { awsError, queueRecord } from "../../support.ts";
import { DeploymentModel } from "./deployment-model.ts";
import { FleetModel, type Webhook } from "./fleet-model.ts";
import { FunctionModel, type Invocation, type Services } from "./function-model.ts";
import { Ledger } from "./ledger.ts";
import { OperatorModel } from "./operator-model.ts";
import { QueueModel } from "./queue-model.ts";
import { type Random, randomOf } from "./random.ts";
import {
  groupFor,
  optionsOf,
  outagesOf,
  ratesOf,
  type Scenario,
  settingsOf,
  startMs,
} from "./settings.ts";
import { Timeline } from "./timeline.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

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

async function run(scenario: Scenario, random: Random) {
  const { days } = scenario;
  const timeline = new Timeline(startMs);
  const endMs = startMs + days * dayMs;
  const settings = settingsOf(scenario, random);
  const { first, fleetIds, checks } = settings;
  const leaseMinutes = checks.checkEveryMinutes * checks.maxChecks + 5;
  const ledger = new Ledger({ ...settings, leaseMinutes }, first);
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
  const deployments = new DeploymentModel({
    timeline,
    random,
    first,
    instanceIds: fleetIds,
    slowIds: () => fleet.slowIds(),
    deployed(deployment) {
      ledger.deployed(deployment, timeline.nowMs);
      fleet.forgetFormer();
    },
  });
  const memberIds = () => deployments.current.instanceIds;
  const fleet = new FleetModel(
    { timeline, random, settings: { instanceIds: fleetIds, memberIds, lost: 0.03, repeated: 0.1 } },
    post,
  );
  const lambda = new FunctionModel({
    timeline,
    random,
    rates: ratesOf(random),
    outages: outagesOf(random, days),
    calmFromMs: endMs,
    servicesOf,
    deploymentNow: () => deployments.current,
    optionsOf: (deployment, describe) => ({
      ...optionsOf(settings, deployment),
      group: groupFor(settings, deployment, describe),
    }),
  });

  function post({ event, instanceId, trigger }: Webhook): void {
    if (trigger === "ResolvedCritical") ledger.resolved(instanceId);
    lambda.invoke(event, (invocation, { kind, ...result }) => {
      const { body = "" } = ("value" in result ? result.value : {}) as { body?: string };
      const isWaiting = body.includes('"outcome":"waiting"');
      const isQuiet = body.includes('"reason":"suppressed by quiet hours: ');
      const isStored = isWaiting || (isQuiet && body.includes("the alert waits for their end"));
      const about = { id: undefined, instanceId, isReturned: false, isCrashed: kind === "crashed" };
      guarded(() => ledger.ended(invocation, about, timeline.nowMs));
      if (isQuiet) ledger.quieted(instanceId, timeline.nowMs);
      if (isStored && invocation.faults.length === 0) {
        ledger.received(instanceId, timeline.nowMs);
      }
    });
  }

  function servicesOf(invocation: Invocation): Services {
    /** Each write is checked at its moment, before anything else happens. */
    const checked =
      <Input extends unknown[], Output>(write: (...input: Input) => Promise<Output>) =>
      (...input: Input): Promise<Output> => {
        const result = write(...input);
        for (const it of table.stream.splice(0)) {
          guarded(() => ledger.written(it, invocation, timeline.nowMs));
        }
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
      rebootInstances: async ({ InstanceIds: [instanceId = ""] = [], DryRun }) => {
        if (DryRun) {
          guarded(() => ledger.triedDryRun(instanceId, invocation));
          throw awsError("DryRunOperation", 412);
        }
        guarded(() => ledger.rebooted(instanceId, invocation, timeline.nowMs));
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

  const people = new OperatorModel({
    timeline,
    random,
    table,
    instanceIds: fleetIds,
    memberIds,
    slowIds: () => fleet.slowIds(),
    switched: (change) => ledger.switched(change, timeline.nowMs),
    invoke: (payload) =>
      lambda.invoke(payload, (invocation, { kind }) => {
        const id = `manual-${invocation.requestId}`;
        const { instanceId } = payload;
        const about = { id, instanceId, isReturned: false, isCrashed: kind === "crashed" };
        guarded(() => ledger.ended(invocation, about, timeline.nowMs));
      }),
  });
  const events = [
    () => fleet.slowInstance(),
    () => fleet.slowInstance(),
    () => fleet.coincidence(),
    () => fleet.flapping(),
    () => fleet.sharedCause(),
    () => people.reboot(),
  ] as const;
  for (let day = 0; day < days; day++) {
    const beginMs = day * dayMs + random.between(0, 20 * hourMs);
    for (let count = random.whole(1, 5); count > 0; count--) {
      const delayMs = beginMs + random.between(0, random.pick([0.2, 2, 4])) * hourMs;
      timeline.after(delayMs, random.pick(events));
      const soonMs = () => random.between(0, random.pick([1, 20])) * 60_000;
      if (settings.hasDeployments && random.chance(0.5)) {
        timeline.after(delayMs + soonMs(), () => deployments.change());
      }
      if (settings.hasSwitches && random.chance(0.5)) {
        timeline.after(delayMs + soonMs(), () => people.switchOff());
      }
    }
  }
  // Alerts that wait when quiet hours begin, and alerts in them.
  for (const { fromMs, untilMs } of settings.quietSpans) {
    if (fromMs < startMs || fromMs > endMs) continue;
    const beginMs = fromMs - startMs - random.between(0, 6) * 60_000;
    if (random.chance(0.6)) timeline.after(beginMs, () => fleet.coincidence());
    const inMs = random.between(fromMs, untilMs) - startMs;
    const inThem = random.pick([() => fleet.coincidence(), () => fleet.sharedCause()]);
    if (random.chance(0.6)) timeline.after(inMs, inThem);
  }
  await timeline.run(() => problems.length > 0);
  if (problems.length === 0) guarded(() => ledger.finished(queue.deadLetterQueue));
  if (problems.length > 0) throw problems[0];
  return ledger.counts;
}

type BatchResponse = { batchItemFailures: unknown[] };
