import type { DescribeTargetHealthCommandOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call, Clients } from "../../../../handler/aws-clients.ts";
import type { DeployedOptions } from "../../../../handler/options.ts";
import { loadProgram } from "../../../../sandbox/engine/program.ts";
import { awsError, createHandler } from "../../support.ts";
import type { Deployment } from "./deployment-model.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

const { functionTimeoutSeconds } =
  loadProgram<typeof import("../../../../handler/time-limits.ts")>("handler/time-limits.ts");

/** What can go wrong with one call of AWS, as probabilities. */
export interface FaultRates {
  /** The function ends before or after the call has taken effect. */
  readonly crash: number;
  /** AWS refuses the call. */
  readonly refused: number;
  /** The call takes effect, and its response is lost. */
  readonly lost: number;
  /** A write of the table conflicts with a transaction. */
  readonly conflict: number;
}

/** For a while every call of this name is refused. */
export interface Outage {
  readonly call: CallName;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The services behind the calls. What they throw is their response. */
export type Services = Omit<Clients, "loadForReboot"> & {
  readonly describeTargets: Call<unknown, DescribeTargetHealthCommandOutput>;
};
export type CallName = keyof Services;

/** One invocation, as others may know of it. */
export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  readonly startedAtMs: number;
  /** Its options do not change if there is a deployment while it runs. */
  readonly deployment: Deployment;
  /** The calls that did not go well, and after how many e-mails. */
  readonly faults: { readonly call: CallName; readonly how: string; readonly mailCount: number }[];
  readonly mails: { readonly subject: string; readonly text: string }[];
  /** The lines that count metrics. */
  readonly lines: string[];
}

export type Result =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "threw"; readonly error: unknown }
  | { readonly kind: "crashed" };

interface Environment {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly rates: FaultRates;
  readonly outages: readonly Outage[];
  /** The services of one invocation. */
  readonly servicesOf: (invocation: Invocation) => Services;
  /** What was deployed last. */
  readonly deploymentNow: () => Deployment;
  readonly optionsOf: (
    deployment: Deployment,
    describeTargets: Services["describeTargets"],
  ) => Omit<DeployedOptions, "clients" | "now" | "wait" | "log" | "writeLine">;
  /** After it nothing goes wrong any more, so that everything ends. */
  readonly calmFromMs: number;
}

/**
 * The deployed function. Each of its AWS calls takes some time, so concurrent invocations take turns in random
 * order; each may fail, lose its response or end the invocation, which then never continues.
 */
export class FunctionModel {
  private readonly environment: Environment;
  private invoked = 0;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** Invokes the function; `onEnd` gets the invocation and its result. */
  invoke(event: unknown, onEnd: (invocation: Invocation, result: Result) => void): void {
    const { timeline, servicesOf, optionsOf, deploymentNow } = this.environment;
    const requestId = `request-${++this.invoked}`;
    const deployment = deploymentNow();
    const startedAtMs = timeline.nowMs;
    const about = { requestId, event, startedAtMs, deployment };
    const invocation: Invocation = { ...about, faults: [], mails: [], lines: [] };
    const endMs = startedAtMs + functionTimeoutSeconds * 1_000;
    let isOver = false;
    const end = (result: Result) => {
      if (isOver) return;
      isOver = true;
      onEnd(invocation, result);
    };
    const services = servicesOf(invocation);
    const call = <Input, Output>(
      name: CallName,
      effect: (input: Input, limitMs: number) => Promise<Output>,
    ) => this.faulty(name, effect, { invocation, crash: () => end({ kind: "crashed" }), endMs });
    const handler = createHandler({
      ...optionsOf(deployment, call("describeTargets", services.describeTargets)),
      clients: {
        loadForReboot: async () => {},
        transactWrite: call("transactWrite", services.transactWrite),
        updateItem: call("updateItem", services.updateItem),
        getItem: call("getItem", services.getItem),
        describeInstanceStatus: call("describeInstanceStatus", services.describeInstanceStatus),
        sendMessage: call("sendMessage", services.sendMessage),
        rebootInstances: call("rebootInstances", services.rebootInstances),
        publish: call("publish", services.publish),
      },
      now: () => Math.floor(timeline.nowMs),
      wait: (ms) => new Promise((resolve) => timeline.after(ms, resolve)),
      log: () => {},
      writeLine: (line) => void invocation.lines.push(line),
    });
    const context = {
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => endMs - timeline.nowMs,
    };
    handler(event, context).then(
      (value) => end({ kind: "returned", value }),
      (error) => end({ kind: "threw", error }),
    );
  }

  /** A call with its faults. It takes effect at one moment. After a crash it never returns. */
  private faulty<Input, Output>(
    name: CallName,
    effect: (input: Input, limitMs: number) => Promise<Output>,
    { invocation, crash, endMs }: { invocation: Invocation; crash: () => void; endMs: number },
  ): (input: Input, limitMs: number) => Promise<Output> {
    const { timeline, random } = this.environment;
    return (input, limitMs) =>
      new Promise((resolve, reject) => {
        const usualMs = random.chance(0.03) ? random.between(100, 1_500) : random.between(3, 60);
        const latencyMs = Math.min(usualMs, limitMs);
        const how = usualMs > limitMs ? "lost" : this.faultOf(name);
        timeline.after(latencyMs, () => {
          if (how !== undefined) {
            invocation.faults.push({ call: name, how, mailCount: invocation.mails.length });
          }
          if (how === "crash before" || timeline.nowMs >= endMs) return crash();
          if (how === "refused") return reject(refusalOf(name, random));
          if (how === "conflict") return reject(conflictOf(name));
          const output = effect(input, limitMs);
          if (how === "crash after") {
            output.catch(() => {});
            return crash();
          }
          if (how !== "lost") return void output.then(resolve, reject);
          output.catch(() => {});
          timeline.after(random.between(0, 500), () => reject(awsError("TimeoutError")));
        });
      });
  }

  private faultOf(name: CallName): string | undefined {
    const { timeline, random, rates, outages, calmFromMs } = this.environment;
    const { nowMs } = timeline;
    if (nowMs >= calmFromMs) return undefined;
    if (outages.some((it) => it.call === name && it.fromMs <= nowMs && nowMs < it.untilMs)) {
      return "refused";
    }
    const isWrite = name === "transactWrite" || name === "updateItem";
    const faults: [string, number][] = [
      ["crash before", rates.crash / 2],
      ["crash after", rates.crash / 2],
      ["refused", rates.refused],
      ["lost", rates.lost],
      ["conflict", isWrite ? rates.conflict : 0],
    ];
    let left = random.next();
    return faults.find(([, rate]) => {
      left -= rate;
      return left < 0;
    })?.[0];
  }
}

/** EC2 rebooted nothing after either error; the function cannot know that of the second one. */
function refusalOf(name: CallName, random: Random): Error {
  if (name === "rebootInstances" && random.chance(0.5)) {
    return awsError("IncorrectInstanceState", 400);
  }
  return awsError("ServiceUnavailable", 503);
}

function conflictOf(name: CallName): Error {
  if (name === "updateItem") return awsError("TransactionConflictException", 400);
  return Object.assign(awsError("TransactionCanceledException", 400), {
    CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "None" }, { Code: "None" }],
  });
}
