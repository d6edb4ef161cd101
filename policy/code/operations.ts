import {
  type Alternatives,
  actionExceptions,
  unsignedOperations,
} from "../data/action-exceptions.ts";
import { apiGatewayMethods } from "../data/api-gateway-methods.ts";
import { dependentActions } from "../data/dependent-actions.ts";
import { callerActions, kmsActions, rolePassingActions } from "../data/side-actions.ts";
import { ownValue } from "../field.ts";
import { actionsOf } from "../iam/actions.ts";
import { prefixOf } from "./prefixes.ts";

/** The IAM actions that a call needs. */
export interface Permissions {
  /** Each entry must be allowed; an entry is one action or alternatives of which one must be. */
  readonly needs: readonly (readonly string[])[];
  /** Actions that the call needs in some cases. */
  readonly mayUse: readonly string[];
}

/** The permissions that a use of an SDK needs. */
export type UsePermissions =
  | ({ readonly kind: "known" } & Permissions)
  /** Not a call of AWS. */
  | { readonly kind: "none" }
  /** A call of AWS whose permissions are unknown; `why` describes it: `whose IAM service is unknown`. */
  | { readonly kind: "unresolved"; readonly why: string };

export type Operation =
  | ({ readonly kind: "known" } & Permissions)
  /** The Service Authorization Reference has no service of the client's name. */
  | { readonly kind: "unknown-client" }
  /** The Service Authorization Reference has no action of that name. */
  | { readonly kind: "unknown-operation" };

/** The permissions that an operation of a client needs, e.g. of `cloudwatch-logs`. */
export async function permissionsOfOperation(
  client: string,
  operation: string,
): Promise<UsePermissions> {
  const found = await operationOf(client, operation);
  switch (found.kind) {
    case "known":
      return found;
    case "unknown-client":
      return { kind: "unresolved", why: "whose IAM service is unknown" };
    case "unknown-operation":
      return {
        kind: "unresolved",
        why: "for which the Service Authorization Reference has no action",
      };
  }
}

/** The actions that an operation of a client needs, e.g. of `cloudwatch-logs`. */
export async function operationOf(client: string, operation: string): Promise<Operation> {
  const prefix = await prefixOf(client);
  const isUnsigned = ownValue(unsignedOperations, client)?.includes(operation) ?? false;
  if (isUnsigned) return known([], await existing(`${prefix}:${operation}`));
  if (prefix === undefined) return { kind: "unknown-client" };
  const exception = ownValue(ownValue(actionExceptions, client) ?? {}, operation);
  if (typeof exception === "string") return known([exception], []);
  if (exception) return known(exception.needs, exception.mayUse ?? []);
  const [action] = await existing(`${prefix}:${operation}`);
  if (action) return known([action], []);
  const shared = sharedActionsOf(client, operation);
  return shared.length > 0 ? known([shared], []) : { kind: "unknown-operation" };
}

/** Needs, and what their actions may need besides, e.g. to pass a role, to use a KMS key, or to read an object. */
function known(needs: readonly Alternatives[], mayUse: readonly string[]): Operation {
  const lists = needs.map((it) => [it].flat());
  const more = lists
    .flat()
    .flatMap((action) => [
      ...(ownValue(dependentActions, action) ?? []),
      ...callerActions.flatMap((it) => (it.of.includes(action) ? it.actions : [])),
      ...(rolePassingActions.includes(action) ? ["iam:PassRole"] : []),
      ...(ownValue(kmsActions, action) ?? []),
    ]);
  return { kind: "known", needs: lists, mayUse: [...new Set([...mayUse, ...more])] };
}

async function existing(action: string): Promise<string[]> {
  return (await actionsOf(action)).map(({ name }) => name);
}

/** The action of an operation in services that have one action for many operations; alternatives. */
function sharedActionsOf(client: string, operation: string): readonly string[] {
  const [verb = ""] = operation.match(/^[A-Z][a-z]+/) ?? [];
  switch (client) {
    case "api-gateway":
    case "apigatewayv2":
      return (ownValue(apiGatewayMethods, verb) ?? []).map((it) => `apigateway:${it}`);
    case "apigatewaymanagementapi":
      return ["GetConnection", "PostToConnection", "DeleteConnection"].includes(operation)
        ? ["execute-api:ManageConnections"]
        : [];
    case "budgets":
      if (verb === "Describe") return ["budgets:ViewBudget"];
      return ["Create", "Delete", "Update"].includes(verb) ? ["budgets:ModifyBudget"] : [];
    default:
      return [];
  }
}
