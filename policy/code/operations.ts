import { ownValue } from "../field.ts";
import { actionsOf } from "../iam/actions.ts";
import { type Alternatives, exceptions, unsigned } from "./exceptions.ts";
import { prefixOf } from "./prefixes.ts";
import { keyActions, passRole } from "./side-actions.ts";

/** What a call needs in IAM's terms. */
export interface Permissions {
  /** Each entry must be allowed; an entry is one action or alternatives of which one must be. */
  readonly needs: readonly (readonly string[])[];
  /** Actions that the call may use in some cases. */
  readonly mayUse: readonly string[];
}

export type Operation =
  | ({ readonly kind: "known" } & Permissions)
  /** No service of the reference has the client's name. */
  | { readonly kind: "unknown-client" }
  /** The reference has no action of that name. */
  | { readonly kind: "unknown-operation" };

/** What an operation of a client such as `cloudwatch-logs` needs. */
export async function operationOf(client: string, operation: string): Promise<Operation> {
  const prefix = await prefixOf(client);
  const isUnsigned = ownValue(unsigned, client)?.includes(operation) ?? false;
  if (isUnsigned) return known([], await existing(`${prefix}:${operation}`));
  if (prefix === undefined) return { kind: "unknown-client" };
  const exception = ownValue(ownValue(exceptions, client) ?? {}, operation);
  if (typeof exception === "string") return known([exception], []);
  if (exception) return known(exception.needs, exception.mayUse ?? []);
  const [action] = await existing(`${prefix}:${operation}`);
  if (action) return known([action], []);
  const verbs = verbsOf(client, operation);
  return verbs.length > 0 ? known([verbs], []) : { kind: "unknown-operation" };
}

/** A need and what goes with its actions: a role that is passed, a key that is used. */
function known(needs: readonly Alternatives[], mayUse: readonly string[]): Operation {
  const lists = needs.map((it) => [it].flat());
  const more = lists
    .flat()
    .flatMap((action) => [
      ...(passRole.includes(action) ? ["iam:PassRole"] : []),
      ...(ownValue(keyActions, action) ?? []),
    ]);
  return { kind: "known", needs: lists, mayUse: [...new Set([...mayUse, ...more])] };
}

async function existing(action: string): Promise<string[]> {
  return (await actionsOf(action)).map(({ name }) => name);
}

/** Services whose actions are methods of HTTP, by the beginning of the operation's name. */
const verbs: Readonly<Record<string, readonly string[]>> = {
  Create: ["POST"],
  Delete: ["DELETE"],
  Export: ["GET"],
  Flush: ["DELETE"],
  Generate: ["POST"],
  Get: ["GET"],
  Import: ["POST", "PUT"],
  Put: ["PUT"],
  Reimport: ["PUT"],
  Reject: ["POST"],
  Reset: ["DELETE"],
  Tag: ["PUT", "POST"],
  Test: ["POST"],
  Untag: ["DELETE"],
  Update: ["PATCH"],
};

/** What stands for an operation where actions are coarser than operations; alternatives. */
function verbsOf(client: string, operation: string): readonly string[] {
  const [verb = ""] = operation.match(/^[A-Z][a-z]+/) ?? [];
  switch (client) {
    case "api-gateway":
    case "apigatewayv2":
      return (ownValue(verbs, verb) ?? []).map((it) => `apigateway:${it}`);
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
