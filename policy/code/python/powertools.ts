import {
  type OperationsByClient,
  type PowertoolsCall,
  powertoolsCalls,
  powertoolsMethods,
} from "../../data/powertools.ts";
import { ownValue } from "../../field.ts";
import { operationOf, type Permissions, type UsePermissions } from "../operations.ts";

/** A function, a class or a method of a class of Powertools for AWS Lambda. */
export interface PowertoolsMember {
  /** `aws_lambda_powertools.utilities.parameters`, or the module in which it is defined. */
  readonly module: string;
  /** `get_parameter`, `SSMProvider`. */
  readonly name: string;
  /** `get` of a `SSMProvider`; undefined for the call of a function or class. */
  readonly method: string | undefined;
}

/** The permissions that a call of Powertools needs; `none` for what calls nothing, or is unknown. */
export async function permissionsOfPowertools(member: PowertoolsMember): Promise<UsePermissions> {
  const call = callOf(member);
  if (call === undefined) return { kind: "none" };
  const uses = await permissionsOfAll(call.uses);
  const mayUse = await permissionsOfAll(call.mayUse ?? {});
  const optional = [...uses.mayUse, ...mayUse.needs.flat(), ...mayUse.mayUse];
  return { kind: "known", needs: uses.needs, mayUse: [...new Set(optional)] };
}

function callOf({ module, name, method }: PowertoolsMember): PowertoolsCall | undefined {
  const utility = /^aws_lambda_powertools\.utilities\.(\w+)/.exec(module)?.[1] ?? "";
  if (method === undefined) return ownValue(ownValue(powertoolsCalls, utility) ?? {}, name);
  const methods = ownValue(ownValue(powertoolsMethods, utility) ?? {}, name);
  return ownValue(methods ?? {}, method);
}

async function permissionsOfAll(operations: OperationsByClient): Promise<Permissions> {
  const all: Permissions[] = [];
  for (const [client, names] of Object.entries(operations)) {
    for (const name of names) {
      const found = await operationOf(client, name);
      if (found.kind === "known") all.push(found);
    }
  }
  return {
    needs: all.flatMap(({ needs }) => needs),
    mayUse: all.flatMap(({ mayUse }) => mayUse),
  };
}
