import type { InstanceStatus } from "@aws-sdk/client-ec2";
import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { alert } from "../../support.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

const minuteMs = 60_000;

/** The alert's window. */
export const windowMinutes = 10;

interface Instance {
  readonly id: string;
  /** The alert that is open at Sumo Logic. */
  alertNumber?: number | undefined;
  /** Down until then, after a reboot. */
  downUntilMs: number;
}

/** A webhook on its way. */
export interface Webhook {
  readonly event: unknown;
  readonly instanceId: string;
  readonly trigger: "Critical" | "ResolvedCritical";
}

interface Settings {
  readonly instanceIds: readonly string[];
  /** The instances of the group, which Sumo Logic watches. */
  readonly memberIds: () => readonly string[];
  /** How often a webhook is lost, or comes twice. */
  readonly lost: number;
  readonly repeated: number;
}

/** The instances, and the alerts that Sumo Logic sends about them, some of them never and some twice. */
export class FleetModel {
  private readonly timeline: Timeline;
  private readonly random: Random;
  private readonly settings: Settings;
  private readonly post: (webhook: Webhook) => void;
  private readonly instances: readonly Instance[];
  private alerts = 0;

  constructor(
    { timeline, random, settings }: { timeline: Timeline; random: Random; settings: Settings },
    post: (webhook: Webhook) => void,
  ) {
    this.timeline = timeline;
    this.random = random;
    this.settings = settings;
    this.post = post;
    this.instances = settings.instanceIds.map((id) => ({ id, downUntilMs: 0 }));
  }

  /** One instance is slow for a while. Its cause is its own, and a reboot helps often. */
  slowInstance(): void {
    const [instance] = this.random.some(this.members(), 1);
    if (instance) this.slow(instance, this.random.between(5, 300));
  }

  /** A few instances are slow at the same moment, each with its own cause. */
  coincidence(): void {
    for (const instance of this.random.some(this.members(), this.random.whole(2, 5))) {
      this.slow(instance, this.random.between(5, 300));
    }
  }

  /** An instance is slow again and again, for a few minutes each. */
  flapping(): void {
    const [instance] = this.random.some(this.members(), 1);
    if (!instance) return;
    let delayMinutes = 0;
    for (let times = this.random.whole(2, 8); times > 0; times--) {
      const minutes = this.random.between(1, 10);
      this.timeline.after(delayMinutes * minuteMs, () => this.slow(instance, minutes));
      delayMinutes += minutes + this.random.between(0.5, 10);
    }
  }

  /** Many instances are slow at the same time, or within some minutes. */
  sharedCause(): void {
    const share = this.random.between(0.1, 1);
    const members = this.members();
    const count = Math.max(2, Math.round(share * members.length));
    const spreadMinutes = this.random.pick([0.05, 0.05, 2, 30]);
    const minutes = this.random.between(10, 200);
    for (const instance of this.random.some(members, count)) {
      this.timeline.after(this.random.between(0, spreadMinutes) * minuteMs, () =>
        this.slow(instance, minutes),
      );
    }
  }

  reboot(instanceId: string): void {
    const instance = this.instances.find((it) => it.id === instanceId);
    if (!instance) throw new Error(`EC2 has no instance ${instanceId}`);
    instance.downUntilMs = this.timeline.nowMs + this.random.between(0.5, 4) * minuteMs;
    if (this.random.chance(0.7)) this.resolveIn(instance, this.random.between(4, 20));
  }

  statusOf(instanceId: string): InstanceStatus {
    const isUp = this.isUp(instanceId);
    return {
      InstanceId: instanceId,
      InstanceState: { Name: "running" },
      SystemStatus: { Status: "ok" },
      InstanceStatus: { Status: isUp ? "ok" : "initializing" },
    };
  }

  targetHealth(): TargetHealthDescription[] {
    return this.instances.map(({ id }) => ({
      Target: { Id: id, Port: 443 },
      TargetHealth: { State: this.isUp(id) ? "healthy" : "unhealthy" },
    }));
  }

  /** The instances with an open alert. */
  slowIds(): string[] {
    return this.instances.flatMap(({ id, alertNumber }) => (alertNumber === undefined ? [] : id));
  }

  /** Sumo Logic no longer watches some instances: the alerts of half of them never resolve. */
  forgetFormer(): void {
    const memberIds = this.settings.memberIds();
    for (const instance of this.instances.filter(({ id }) => !memberIds.includes(id))) {
      if (this.random.chance(0.5)) instance.alertNumber = undefined;
    }
  }

  private members(): Instance[] {
    const memberIds = this.settings.memberIds();
    return this.instances.filter(({ id }) => memberIds.includes(id));
  }

  private isUp(instanceId: string): boolean {
    const instance = this.instances.find((it) => it.id === instanceId);
    return instance !== undefined && instance.downUntilMs <= this.timeline.nowMs;
  }

  private slow(instance: Instance, minutes: number): void {
    const isWatched = this.settings.memberIds().includes(instance.id);
    if (!isWatched || instance.alertNumber !== undefined) return;
    instance.alertNumber = ++this.alerts;
    this.send(instance, "Critical", instance.alertNumber);
    this.resolveIn(instance, minutes);
  }

  private resolveIn(instance: Instance, minutes: number): void {
    const { alertNumber } = instance;
    this.timeline.after(minutes * minuteMs, () => {
      if (alertNumber === undefined || instance.alertNumber !== alertNumber) return;
      instance.alertNumber = undefined;
      this.send(instance, "ResolvedCritical", alertNumber);
    });
  }

  private send(instance: Instance, trigger: Webhook["trigger"], alertNumber: number): void {
    const { timeline, random, settings } = this;
    if (random.chance(settings.lost)) return;
    // Sumo Logic evaluates log monitors two minutes late.
    const windowEndMs = Math.floor(timeline.nowMs) - 2 * minuteMs;
    const isWithoutRow = trigger === "ResolvedCritical" && random.chance(0.2);
    const event = alert({
      triggerType: trigger,
      windowStartMs: String(windowEndMs - windowMinutes * minuteMs),
      windowEndMs: String(windowEndMs),
      instanceId: isWithoutRow ? "" : instance.id,
      alertUrl: `https://service.sumologic.com/ui/#/alert/${alertNumber}`,
      ...(trigger === "ResolvedCritical" &&
        !isWithoutRow && {
          requestCount: "100",
          failedCount: "0",
          lastSuccessMs: String(windowEndMs - 1_000),
        }),
    });
    const webhook = { event, instanceId: instance.id, trigger };
    timeline.after(random.between(0, random.pick([20, 1_000])), () => this.post(webhook));
    if (random.chance(settings.repeated)) {
      const laterMs = random.pick([1_000, 20_000, 10 * minuteMs]);
      timeline.after(random.between(0, laterMs), () => this.post(webhook));
    }
  }
}
