import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { isNamed } from "../errors.ts";
import type { HandlerOptions } from "../options.ts";
import { timeLimitsMs } from "../time-limits.ts";
import { getItem, updateItem } from "./store.ts";
import {
  groupAttributes,
  groupKey,
  type Item,
  type ModeSwitch,
  modeAllows,
  numberAttribute,
  numberOf,
  readMode,
  updateExpression,
} from "./table.ts";

// The item that the instances of a group share: their latest alerts, the leases of those that are being
// rebooted, and the group's reboots. Each write counts `version` up, so a decision that was made from an
// older state cannot be written.

/** The alert of an instance that fired last. Times are milliseconds since 1970, or `NaN` if unreadable. */
export interface GroupAlert {
  readonly incidentId: string;
  /** When its webhook arrived. */
  readonly firedAtMs: number;
  /** When it resolved; absent while it is open. */
  readonly resolvedAtMs?: number;
}

/** The right of an instance to be rebooted and verified while others wait. */
export interface GroupLease {
  readonly incidentId: string;
  /** When it ends by itself. */
  readonly untilMs: number;
}

export interface GroupState {
  /** 0 before the first write. */
  readonly version: number;
  /** By instance. */
  readonly alerts: ReadonlyMap<string, GroupAlert>;
  /** By instance, those that have ended included. */
  readonly leases: ReadonlyMap<string, GroupLease>;
  /** When reboots were claimed, oldest first; at least those of the last 24 hours. */
  readonly rebootsMs: readonly number[];
  /** The incident of the shared cause that lasts. */
  readonly sharedCauseId?: string;
  /** The kill switch of all instances; each one has another. Absent if nobody ever set it. */
  readonly mode?: ModeSwitch;
}

/** The prefixes of an instance's attributes. */
const prefixes = Object.values(groupAttributes).filter((it) => it.endsWith("#"));

export function readGroup(item: Item): GroupState {
  const timeOf = (name: string) => numberOf(item[name]) ?? Number.NaN;
  const instancesWith = (prefix: string) =>
    Object.keys(item).flatMap((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : []));
  const idOf = (name: string) => item[name]?.S ?? "";
  const { version, reboots, sharedCause } = item;
  const mode = readMode(item);
  return {
    version: version === undefined ? 0 : timeOf(groupAttributes.version),
    alerts: new Map(
      instancesWith(groupAttributes.alert).map((id) => [
        id,
        {
          incidentId: idOf(`${groupAttributes.alert}${id}`),
          firedAtMs: timeOf(`${groupAttributes.firedAt}${id}`),
          ...resolutionOf(item[`${groupAttributes.resolvedAt}${id}`]),
        },
      ]),
    ),
    leases: new Map(
      instancesWith(groupAttributes.lease).map((id) => [
        id,
        {
          incidentId: idOf(`${groupAttributes.lease}${id}`),
          untilMs: timeOf(`${groupAttributes.leaseUntil}${id}`),
        },
      ]),
    ),
    rebootsMs: (reboots ? (reboots.L ?? unreadable) : []).map((it) => numberOf(it) ?? Number.NaN),
    ...(sharedCause && { sharedCauseId: sharedCause.S ?? "" }),
    ...(mode && { mode }),
  };
}

/** A time that cannot be read is no resolution. */
function resolutionOf(value: Item[string] | undefined): Pick<GroupAlert, "resolvedAtMs"> {
  const resolvedAtMs = numberOf(value);
  return resolvedAtMs === undefined ? {} : { resolvedAtMs };
}

/** In place of a list that others have replaced: more reboots than any limit allows. */
const unreadable = Array.from({ length: 100 }, () => undefined);

/** Reads the group's item, for at most two seconds. Throws what DynamoDB throws. */
export async function loadGroup(options: HandlerOptions): Promise<GroupState> {
  return readGroup(await getItem(groupKey, options, timeLimitsMs.readGroup));
}

/** An alert as the group's item keeps it. */
export interface FiredAlert {
  readonly instanceId: string;
  readonly incidentId: string;
  readonly firedAtMs: number;
  readonly windowEndMs: number;
}

/**
 * Records that an alert fired, unless the item has it or a later one of the instance. Throws what DynamoDB
 * throws.
 */
export function recordFired(alert: FiredAlert, options: HandlerOptions): Promise<boolean> {
  const { instanceId, incidentId, firedAtMs, windowEndMs } = alert;
  return updateGroup(
    {
      placeholders: placeholdersOf(["alert", "firedAt", "windowEnd", "resolvedAt"], instanceId),
      condition: "attribute_not_exists(#windowEnd) OR #windowEnd < :windowEnd",
      set: ["#alert = :alert", "#firedAt = :firedAt", "#windowEnd = :windowEnd"],
      remove: ["#resolvedAt"],
      values: {
        ":alert": { S: incidentId },
        ":firedAt": numberAttribute(firedAtMs),
        ":windowEnd": numberAttribute(windowEndMs),
      },
    },
    options,
  );
}

/** Records that the alert of an instance resolved, if the item has one with an earlier window. */
export function recordResolved(
  { instanceId, windowEndMs }: { instanceId: string; windowEndMs: number },
  options: HandlerOptions,
): Promise<boolean> {
  return updateGroup(
    {
      placeholders: placeholdersOf(["windowEnd", "resolvedAt"], instanceId),
      condition: "#windowEnd < :windowEnd AND attribute_not_exists(#resolvedAt)",
      set: ["#resolvedAt = :now"],
      values: {
        ":windowEnd": numberAttribute(windowEndMs),
        ":now": numberAttribute(options.now()),
      },
    },
    options,
  );
}

/**
 * Ends the lease of an incident before its time, if its instance still has it. `earlier` is the lease that the
 * instance has again then, if it had one.
 */
export function releaseLease(
  {
    instanceId,
    incidentId,
    earlier,
  }: { instanceId: string; incidentId: string; earlier?: GroupLease | undefined },
  options: HandlerOptions,
): Promise<boolean> {
  return updateGroup(
    {
      placeholders: placeholdersOf(["lease", "leaseUntil"], instanceId),
      condition: "#lease = :incident",
      set: earlier ? ["#lease = :earlier", "#leaseUntil = :until"] : [],
      ...(!earlier && { remove: ["#lease", "#leaseUntil"] }),
      values: {
        ":incident": { S: incidentId },
        ...(earlier && {
          ":earlier": { S: earlier.incidentId },
          ":until": numberAttribute(earlier.untilMs),
        }),
      },
    },
    options,
  );
}

/**
 * Lets the lease of an incident last until this time, if its instance still has it. One that has ended stays
 * so: another instance may have one since.
 */
export function renewLease(
  { instanceId, incidentId, untilMs }: { instanceId: string; incidentId: string; untilMs: number },
  options: HandlerOptions,
): Promise<boolean> {
  return updateGroup(
    {
      placeholders: placeholdersOf(["lease", "leaseUntil"], instanceId),
      condition: "#lease = :incident AND #leaseUntil > :now",
      set: ["#leaseUntil = :until"],
      values: {
        ":incident": { S: incidentId },
        ":now": numberAttribute(options.now()),
        ":until": numberAttribute(untilMs),
      },
    },
    options,
  );
}

/** Ends a shared cause. Returns false if the group has changed since `state`, or if another one lasts. */
export function endSharedCause(
  incidentId: string,
  { version }: GroupState,
  options: HandlerOptions,
): Promise<boolean> {
  return updateGroup(
    {
      condition: `${groupAttributes.sharedCause} = :incident AND ${groupAttributes.version} = :version`,
      set: [],
      remove: [groupAttributes.sharedCause],
      values: { ":incident": { S: incidentId }, ":version": numberAttribute(version) },
    },
    options,
  );
}

interface GroupUpdate {
  readonly placeholders?: Record<string, string>;
  readonly condition: string;
  readonly set: readonly string[];
  readonly remove?: readonly string[];
  readonly values: Item;
}

/** Updates the item; false if the condition does not hold. Throws what DynamoDB throws. */
async function updateGroup(
  { placeholders: ExpressionAttributeNames, condition, set, remove, values }: GroupUpdate,
  options: HandlerOptions,
): Promise<boolean> {
  try {
    await updateItem(
      {
        Key: groupKey,
        ConditionExpression: condition,
        ...(ExpressionAttributeNames && { ExpressionAttributeNames }),
        set: [...set, countUp],
        ...(remove && { remove }),
        values: { ...values, ...countUpValues },
      },
      options,
      timeLimitsMs.updateGroup,
    );
    return true;
  } catch (error) {
    if (isNamed(error, "ConditionalCheckFailedException")) return false;
    throw error;
  }
}

const countUp = `${groupAttributes.version} = if_not_exists(${groupAttributes.version}, :zero) + :one`;
const countUpValues = { ":zero": numberAttribute(0), ":one": numberAttribute(1) };

type InstanceAttribute = "alert" | "firedAt" | "windowEnd" | "resolvedAt" | "lease" | "leaseUntil";

/** The attributes of an instance have a character that an expression does not accept. */
function placeholdersOf(
  attributesOf: readonly InstanceAttribute[],
  instanceId: string,
): Record<string, string> {
  return Object.fromEntries(
    attributesOf.map((it) => [`#${it}`, `${groupAttributes[it]}${instanceId}`]),
  );
}

/** A claimed reboot as the group's item keeps it. */
export interface GroupClaim {
  readonly instanceId: string;
  readonly incidentId: string;
  readonly nowMs: number;
  /** When the lease ends by itself. */
  readonly untilMs: number;
  /** The group's reboots of the last 24 hours, this one included. */
  readonly rebootsMs: readonly number[];
  /** Instances that have left the group: what the item has of some of them is removed. */
  readonly formerIds: readonly string[];
}

/** An expression has at most 4,096 characters; the next claim removes more. */
const mostRemoved = 20;

/**
 * The part of a claim's transaction that acquires the lease, if the group's kill switch allows it; see
 * `unchangedSince`.
 */
export function claimUpdate(
  { instanceId, incidentId, nowMs, untilMs, rebootsMs, formerIds }: GroupClaim,
  state: GroupState,
  TableName: string,
): TransactWriteItem {
  const former = formerIds
    .slice(0, mostRemoved)
    .flatMap((id) => prefixes.map((prefix) => `${prefix}${id}`));
  return unchangedSince(state, TableName, {
    condition: modeAllows.condition,
    placeholders: {
      ...modeAllows.names,
      ...placeholdersOf(["lease", "leaseUntil"], instanceId),
      ...Object.fromEntries(former.map((name, index) => [`#former${index}`, name])),
    },
    set: ["#lease = :incident", "#leaseUntil = :until", `${groupAttributes.reboots} = :reboots`],
    remove: former.map((_, index) => `#former${index}`),
    values: {
      ...modeAllows.valuesAt(nowMs),
      ":incident": { S: incidentId },
      ":until": numberAttribute(untilMs),
      ":reboots": { L: rebootsMs.map(numberAttribute) },
    },
  });
}

/** The part of a transaction that begins a shared cause; see `unchangedSince`. */
export function sharedCauseUpdate(
  incidentId: string,
  state: GroupState,
  TableName: string,
): TransactWriteItem {
  return unchangedSince(state, TableName, {
    set: [`${groupAttributes.sharedCause} = :incident`],
    values: { ":incident": { S: incidentId } },
  });
}

/** A part of a transaction that fails if the group has changed since `state` was read. */
function unchangedSince(
  { version }: GroupState,
  TableName: string,
  {
    condition,
    placeholders: ExpressionAttributeNames,
    set,
    remove,
    values,
  }: Omit<GroupUpdate, "condition"> & Partial<GroupUpdate>,
): TransactWriteItem {
  const isUnchanged =
    version === 0
      ? `attribute_not_exists(${groupAttributes.version})`
      : `${groupAttributes.version} = :version`;
  return {
    Update: {
      TableName,
      Key: groupKey,
      ConditionExpression: condition ? `${isUnchanged} AND ${condition}` : isUnchanged,
      ...(ExpressionAttributeNames && { ExpressionAttributeNames }),
      ...updateExpression({
        set: [...set, countUp],
        ...(remove && { remove }),
        values: {
          ...values,
          ...countUpValues,
          // DynamoDB refuses a value that no expression uses.
          ...(version !== 0 && { ":version": numberAttribute(version) }),
        },
      }),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  };
}
