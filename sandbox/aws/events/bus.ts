import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { DeliveryError, type Exhausted, nextAttempt } from "./attempt.ts";
import { parsePattern } from "./pattern.ts";
import type { PutEntry } from "./pipe.ts";
import { type InputTransformer, targetInput } from "./template.ts";

/** An event as rules and targets see it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, in full seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** A rule with its targets, with the names of the EventBridge API. */
export interface Rule {
  readonly Arn: string;
  readonly EventPattern?: string;
  readonly State?: string;
  readonly targets: readonly Target[];
}

export interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly InputTransformer?: InputTransformer;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: {
    readonly MaximumEventAgeInSeconds?: number;
    readonly MaximumRetryAttempts?: number;
  };
}

/** One attempt to deliver an event to a target. */
export interface Invocation {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  /** The filled input template, or the event. */
  readonly body: string;
}

/** A message of a dead-letter queue. */
export interface DeadLetter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a bus needs. `invoke` and `deadLetter` reject with a `DeliveryError`. */
export interface BusPorts {
  readonly clock: Clock;
  /** The rules of a bus, or nothing if there is no such bus. */
  rulesOf(busArn: string): Promise<readonly Rule[] | undefined>;
  invoke(invocation: Invocation): Promise<void>;
  deadLetter(queueArn: string, rule: Rule, letter: DeadLetter): Promise<void>;
}

/** What became of an event at one target. */
export interface Delivery {
  readonly eventId: string;
  readonly detailType: string;
  readonly targetArn: string;
  readonly attempts: number;
  /** `lost`: there is no dead-letter queue, or it did not accept the event. */
  readonly end: "delivered" | "dead-lettered" | "lost";
  /** The last error's code, if it was not delivered. */
  readonly error?: string;
}

interface Pending {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  readonly acceptedAtMs: number;
  failedAttempts: number;
  nextAttemptAtMs: number;
}

/** EventBridge's defaults: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const defaults = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

/**
 * Event buses. Each event goes to the targets of all rules that match it; a target that fails delays no other
 * target and no other event. So events can arrive in another order than they were put.
 */
export class EventBuses {
  /** What became of the events, in the order in which that was certain. */
  readonly deliveries: Delivery[] = [];
  private readonly ports: BusPorts;
  private pending: Pending[] = [];

  constructor(ports: BusPorts) {
    this.ports = ports;
  }

  /** How many deliveries wait for their next attempt. */
  get pendingCount(): number {
    return this.pending.length;
  }

  /** Accepts an event, and tries to deliver it when `run` is called. Returns its id, or why it was not accepted. */
  async put(busArn: string, entry: PutEntry): Promise<string | DeliveryError> {
    const refusal = refusalOf(entry);
    if (refusal) return refusal;
    const rules = await this.ports.rulesOf(busArn);
    if (!rules) return refused("ResourceNotFoundException", `${busArn} does not exist`);
    const event = this.eventOf(busArn, entry);
    return this.match(event, rules);
  }

  /** Accepts an event from another bus; it keeps its id and its time. */
  async forward(busArn: string, event: BusEvent): Promise<void> {
    const rules = await this.ports.rulesOf(busArn);
    if (!rules) {
      throw new DeliveryError("NO_RESOURCE", `${busArn} does not exist`, { isRetriable: false });
    }
    this.match(event, rules);
  }

  private match(event: BusEvent, rules: readonly Rule[]): string {
    const acceptedAtMs = this.ports.clock.now();
    for (const rule of rules) {
      const { EventPattern, State, targets } = rule;
      if (State === "DISABLED" || !EventPattern || !parsePattern(EventPattern)(event)) continue;
      for (const target of targets) {
        const state = { acceptedAtMs, failedAttempts: 0, nextAttemptAtMs: 0 };
        this.pending.push({ rule, target, event, ...state });
      }
    }
    return event.id;
  }

  /** Tries every delivery that is due. */
  async run(): Promise<void> {
    const nowMs = this.ports.clock.now();
    const due = this.pending.filter(({ nextAttemptAtMs }) => nextAttemptAtMs <= nowMs);
    this.pending = this.pending.filter((it) => !due.includes(it));
    await Promise.all(due.map((it) => this.attempt(it)));
  }

  private async attempt(it: Pending): Promise<void> {
    const { rule, target, event } = it;
    try {
      const body = bodyOf(target, event);
      await this.ports.invoke({ rule, target, event, body });
      this.end(it, "delivered");
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      it.failedAttempts++;
      if (!error.isRetriable) return this.giveUp(it, error, undefined);
      const next = this.nextOf(it);
      if ("exhausted" in next) return this.giveUp(it, error, next.exhausted);
      it.nextAttemptAtMs = next.atMs;
      this.pending.push(it);
    }
  }

  private nextOf({ target, failedAttempts, acceptedAtMs }: Pending) {
    const policy = { ...defaults, ...target.RetryPolicy };
    return nextAttempt(
      {
        maximumAgeSeconds: policy.MaximumEventAgeInSeconds,
        maximumRetryAttempts: policy.MaximumRetryAttempts,
      },
      { failedAttempts, sinceMs: acceptedAtMs, nowMs: this.ports.clock.now() },
    );
  }

  private async giveUp(it: Pending, error: DeliveryError, exhausted?: Exhausted): Promise<void> {
    const { rule, target, event, failedAttempts } = it;
    const queueArn = target.DeadLetterConfig?.Arn;
    if (queueArn === undefined) return this.end(it, "lost", error);
    const attributes = {
      RULE_ARN: rule.Arn,
      TARGET_ARN: target.Arn,
      ERROR_CODE: error.code,
      ERROR_MESSAGE: error.message,
      RETRY_ATTEMPTS: String(failedAttempts - 1),
      ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
    };
    const letter = { body: JSON.stringify(event), attributes };
    const written = this.ports.deadLetter(queueArn, rule, letter);
    await written.then(
      () => this.end(it, "dead-lettered", error),
      () => this.end(it, "lost", error),
    );
  }

  private end(
    { event, target, failedAttempts }: Pending,
    end: Delivery["end"],
    error?: DeliveryError,
  ) {
    this.deliveries.push({
      eventId: event.id,
      detailType: event["detail-type"],
      targetArn: target.Arn,
      attempts: failedAttempts + (end === "delivered" ? 1 : 0),
      end,
      ...(error && { error: error.code }),
    });
  }

  private eventOf(busArn: string, { Source, DetailType, Detail, Time }: PutEntry): BusEvent {
    const [, , , region = "", account = ""] = busArn.split(":");
    const timeMs = Time === undefined ? this.ports.clock.now() : Date.parse(Time);
    return {
      version: "0",
      id: randomUUID(),
      "detail-type": DetailType,
      source: Source,
      account,
      time: new Date(timeMs).toISOString().replace(/\.\d+Z$/, "Z"),
      region,
      resources: [],
      detail: JSON.parse(Detail),
    };
  }
}

function bodyOf({ InputTransformer }: Target, event: BusEvent): string {
  if (!InputTransformer) return JSON.stringify(event);
  try {
    return targetInput(InputTransformer, event);
  } catch (error) {
    throw new DeliveryError("INVALID_JSON", (error as Error).message, { isRetriable: false });
  }
}

/** The limit of one entry, in bytes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const largestEntry = 256 * 1_024;

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
function refusalOf({ Source, DetailType, Detail, Time }: PutEntry): DeliveryError | undefined {
  if (!Source || !DetailType || !Detail) {
    return refused("InvalidArgument", "Source, DetailType and Detail are required");
  }
  if (Source.startsWith("aws.")) {
    return refused("NotAuthorizedForSourceException", "a source cannot start with aws.");
  }
  if (Time !== undefined && Number.isNaN(Date.parse(Time))) {
    return refused("InvalidArgument", `Time is not a time: ${Time}`);
  }
  const bytes = [Source, DetailType, Detail].reduce((sum, it) => sum + Buffer.byteLength(it), 0);
  if (bytes > largestEntry) return refused("InvalidArgument", `the entry has ${bytes} bytes`);
  return isJsonObject(Detail) ? undefined : refused("MalformedDetail", "Detail is not an object");
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function refused(code: string, message: string): DeliveryError {
  return new DeliveryError(code, message, { isRetriable: false });
}
