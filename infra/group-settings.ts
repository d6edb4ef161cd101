import { itemsIn } from "./setting-forms.ts";

/** What limits the reboots of a group, besides the limits of each of its instances. */
export interface GroupSettings {
  /** Length of the alert's window: an instance stays affected for some time after its alert. */
  readonly windowMinutes: number;
  /** Nothing is rebooted while more than this share of the instances is affected, 1 to 100. */
  readonly maxAffectedPercent: number;
  /** Instances whose reboot is not verified yet; fewer than the group has. */
  readonly maxRebootingAtOnce: number;
  /** Reboots of all instances together in any 24 hours. */
  readonly maxRebootsPerDayInGroup: number;
  /** The load balancer's view of the group; it is not asked if absent. */
  readonly targetGroup?: {
    readonly arn: string;
    /** An instance is rebooted only while at least this share of the other targets is healthy, 1 to 100. */
    readonly minHealthyPercent: number;
  };
}

/** The settings of a group that are valid by themselves. Those without a default are `undefined` if not set. */
export interface GroupValues {
  readonly instanceIds?: string | undefined;
  readonly targetGroupArn?: string | undefined;
  readonly minHealthyPercent: number;
  readonly maxAffectedPercent: number;
  readonly maxRebootingAtOnce: number;
  readonly maxRebootsPerDayInGroup: number;
}

/** The settings as the components use them; nothing if the stack has one instance. */
export function groupOf(
  values: GroupValues & { readonly windowMinutes: number },
): GroupSettings | undefined {
  const { instanceIds, targetGroupArn, minHealthyPercent } = values;
  if (!instanceIds) return undefined;
  return {
    windowMinutes: values.windowMinutes,
    maxAffectedPercent: values.maxAffectedPercent,
    maxRebootingAtOnce: values.maxRebootingAtOnce,
    maxRebootsPerDayInGroup: values.maxRebootsPerDayInGroup,
    ...(targetGroupArn && { targetGroup: { arn: targetGroupArn, minHealthyPercent } }),
  };
}

/** What is wrong with the settings of a group together. If one is invalid by itself, that problem is enough. */
export function groupProblems(valid: Partial<GroupValues>): string[] {
  if (!("instanceIds" in valid)) return [];
  const { instanceIds, targetGroupArn, maxRebootingAtOnce = 0 } = valid;
  if (!instanceIds) {
    return targetGroupArn
      ? ["targetGroupArn: has no effect without instanceIds; remove it or set instanceIds"]
      : [];
  }
  const count = itemsIn(instanceIds).length;
  if (maxRebootingAtOnce < count) return [];
  return [
    `maxRebootingAtOnce: got "${maxRebootingAtOnce}"; expected less than the ${count} instances of instanceIds`,
  ];
}
