import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

const minuteMs = 60_000;

/** What a deployment can change. */
export interface Deployment {
  /** The group; at least two instances. */
  readonly instanceIds: readonly string[];
  readonly maxRebootingAtOnce: number;
  readonly maxRebootsPerDayInGroup: number;
}

interface Environment {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly first: Deployment;
  /** All instances of EC2, whether in the group or not. */
  readonly instanceIds: readonly string[];
  /** The instances with an open alert: a deployment removes one of them more often than others. */
  readonly slowIds: () => readonly string[];
  readonly deployed: (deployment: Deployment) => void;
}

/** The deployments: each changes the options of the invocations that begin after it. */
export class DeploymentModel {
  current: Deployment;
  private readonly environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
    this.current = environment.first;
  }

  /** Removes an instance, which comes back later, or changes the group's limits. */
  change(): void {
    const { random } = this.environment;
    if (random.chance(0.6)) this.removeOne();
    else this.changeLimits();
  }

  private removeOne(): void {
    const { random, timeline, slowIds, instanceIds } = this.environment;
    const members = this.current.instanceIds;
    const slow = slowIds().filter((it) => members.includes(it));
    const [removed = ""] = random.some(slow.length > 0 && random.chance(0.8) ? slow : members, 1);
    const left = members.filter((it) => it !== removed);
    const spare = instanceIds.filter((it) => !members.includes(it));
    const added = left.length < 2 || random.chance(0.2) ? random.some(spare, 1) : [];
    if (left.length + added.length < 2) return;
    this.deploy({ instanceIds: [...left, ...added] });
    const minutes = random.pick([2, 20, 120, 600]) * random.between(0.5, 1.5);
    timeline.after(minutes * minuteMs, () => this.add(removed));
  }

  private add(instanceId: string): void {
    const { instanceIds } = this.current;
    if (!instanceIds.includes(instanceId)) {
      this.deploy({ instanceIds: [...instanceIds, instanceId] });
    }
  }

  private changeLimits(): void {
    const { random } = this.environment;
    this.deploy({
      maxRebootingAtOnce: random.pick([1, 1, 2, 3]),
      maxRebootsPerDayInGroup: random.pick([1, 2, 6, 20]),
    });
  }

  private deploy(change: Partial<Deployment>): void {
    const deployment = { ...this.current, ...change };
    const most = deployment.instanceIds.length - 1;
    const maxRebootingAtOnce = Math.min(deployment.maxRebootingAtOnce, most);
    this.current = { ...deployment, maxRebootingAtOnce };
    this.environment.deployed(this.current);
  }
}
