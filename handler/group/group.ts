import type { Environment } from "../environment.ts";
import type { WantedReboot } from "../incidents/claim.ts";
import type { Claim } from "../incidents/claim-result.ts";
import { releaseLease, renewLease } from "../incidents/group-item.ts";
import { sharedCausePrefix } from "../incidents/table.ts";
import type { batchResponse } from "../lambda-response.ts";
import type { Dependencies, HandlerOptions } from "../options.ts";
import type { performDecision } from "../reboot.ts";
import type { Check } from "../requests/types.ts";
import { checkSharedCause } from "./check-shared-cause.ts";
import { claimInGroup } from "./claim-in-group.ts";
import type { GroupLimits } from "./decide-in-group.ts";
import { decideWaiting } from "./decide-waiting.ts";
import { instanceOf } from "./instance-of.ts";
import { performInGroup } from "./perform-in-group.ts";
import type { DescribeTargets } from "./targets.ts";
import { leaseMs } from "./times.ts";

/**
 * What a function of several instances does in another way than one of a single instance. Only its package
 * has this code: infra/reboot-function.ts passes `createGroup`.
 */
export interface Group {
  readonly limits: GroupLimits;
  /** The alert's window, in minutes. */
  readonly windowMinutes: number;
  /** The load balancer's targets; absent without a target group. */
  readonly targets?: Targets;
  /** What is wrong with these values, one line each. */
  readonly problems: readonly string[];
  /** The instance of an alert that names none. Throws what DynamoDB throws. */
  readonly instanceOf: typeof instanceOf;
  readonly performDecision: typeof performDecision;
  /** Throws if nobody knows whether the claim succeeded. */
  readonly claimReboot: (
    wanted: WantedReboot,
    dependencies: { options: HandlerOptions },
  ) => Promise<Claim>;
  /** Decides an alert that waits, or checks whether a shared cause lasts. */
  readonly check: (
    check: Check,
    dependencies: Dependencies,
  ) => Promise<ReturnType<typeof batchResponse>>;
  readonly releaseLease: typeof releaseLease;
  /** Lets the lease of a rebooted instance last while its checks go on. */
  readonly keepLease: (
    lease: { readonly instanceId: string; readonly incidentId: string },
    options: HandlerOptions,
  ) => Promise<boolean>;
}

/** The targets of a load balancer among which an instance is. */
export interface Targets {
  readonly targetGroupArn: string;
  /** An instance is rebooted only if at least this share of the other targets is healthy. */
  readonly minHealthyPercent: number;
  readonly describe: DescribeTargets;
}

/** The group of the deployed function, from its environment variables. */
export function createGroup(
  environment: Environment,
  createTargetsClient: (() => DescribeTargets) | undefined,
): Group {
  const number = (name: string) => Number(environment[name]);
  return groupOf({
    windowMinutes: number("WINDOW_MINUTES"),
    limits: {
      maxAffectedPercent: number("MAX_AFFECTED_PERCENT"),
      maxRebootingAtOnce: number("MAX_REBOOTING_AT_ONCE"),
      maxRebootsPerDayInGroup: number("MAX_REBOOTS_PER_DAY_IN_GROUP"),
    },
    ...(createTargetsClient && {
      targets: {
        targetGroupArn: environment.TARGET_GROUP_ARN ?? "",
        minHealthyPercent: number("MIN_HEALTHY_PERCENT"),
        describe: createTargetsClient(),
      },
    }),
  });
}

/** A group with these values. */
export function groupOf(values: Pick<Group, "limits" | "windowMinutes" | "targets">): Group {
  return {
    ...values,
    problems: problemsOf(values),
    instanceOf,
    performDecision: performInGroup,
    claimReboot: claimInGroup,
    check: (check, dependencies) =>
      check.incidentId.startsWith(sharedCausePrefix)
        ? checkSharedCause(check, dependencies)
        : decideWaiting(check, dependencies),
    releaseLease,
    keepLease: (lease, options) =>
      renewLease({ ...lease, untilMs: options.now() + leaseMs(options.checks) }, options),
  };
}

function problemsOf({
  limits,
  windowMinutes,
  targets,
}: Pick<Group, "limits" | "windowMinutes" | "targets">): string[] {
  const { maxAffectedPercent, maxRebootingAtOnce, maxRebootsPerDayInGroup } = limits;
  const numbers: [string, number, number][] = [
    ["WINDOW_MINUTES", windowMinutes, 1_440],
    ["MAX_AFFECTED_PERCENT", maxAffectedPercent, 100],
    ["MAX_REBOOTING_AT_ONCE", maxRebootingAtOnce, 49],
    ["MAX_REBOOTS_PER_DAY_IN_GROUP", maxRebootsPerDayInGroup, 100],
    ...(targets
      ? [["MIN_HEALTHY_PERCENT", targets.minHealthyPercent, 100] as [string, number, number]]
      : []),
  ];
  return numbers.flatMap(([name, value, most]) =>
    Number.isInteger(value) && value >= 1 && value <= most
      ? []
      : [`group: got ${value}; expected a whole number from 1 to ${most} (variable ${name})`],
  );
}
