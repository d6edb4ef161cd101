import type { Call } from "./calls.ts";
import type { Permissions } from "./operations.ts";

export interface NamedPermissions extends Permissions {
  /** As in the code, e.g. `RebootInstancesCommand of @aws-sdk/client-ec2`. */
  readonly name: string;
}

export interface CollectedCall extends Call {
  /** False if it is only mentioned, as in a list of commands. */
  readonly isCalled: boolean;
}

/** A call that the code may not make: it requires nothing. */
export function optional({ needs, mayUse, ...call }: Call): Call {
  return { ...call, needs: [], mayUse: [...new Set([...needs.flat(), ...mayUse])] };
}

/** Each call once, whatever its line. One that is only mentioned counts if it is made nowhere. */
export function distinct(calls: readonly CollectedCall[]): Call[] {
  const called = new Set(calls.flatMap(({ isCalled, name }) => (isCalled ? name : [])));
  const found = new Map<string, Call>();
  for (const { isCalled, ...call } of calls) {
    const { where: _, ...withoutLine } = call;
    const key = JSON.stringify(withoutLine);
    if ((isCalled || !called.has(call.name)) && !found.has(key)) found.set(key, call);
  }
  return [...found.values()];
}
