import { operationOf } from "../code/operations.ts";
import { withoutHyphens } from "../code/prefixes.ts";
import { actionExceptions } from "../data/action-exceptions.ts";
import type { Requirement } from "../data/requirements.ts";
import { servicePrefixes } from "../data/service-prefixes.ts";
import {
  integrationActions,
  integrationRequirements,
  jobWaits,
  sdkServices,
  signingParameters,
  type Wait,
} from "../data/state-machines.ts";
import { ownValue, showString } from "../field.ts";
import { lowerCase } from "../iam/case.ts";

/** What the `Resource` of a state calls. */
export type Integration =
  | {
      readonly kind: "call";
      /** As findings show it, e.g. `sqs:sendMessage`. */
      readonly name: string;
      /** Each entry must be allowed; an entry is one action or alternatives of which one must be. */
      readonly needs: readonly (readonly string[])[];
      /** Actions that the call needs in some cases. */
      readonly mayUse: readonly string[];
      /** The function's ARN, if the state names it instead of an integration. */
      readonly functionArn?: string;
      /** The parameter without which the call may need no permission. */
      readonly signedBy?: { readonly name: string; readonly value: string } | undefined;
      readonly requirement?: Requirement | undefined;
      readonly wait?: Wait | undefined;
    }
  /** The role needs no permission. */
  | { readonly kind: "none" }
  /** `why` is the end of a sentence about the state. */
  | { readonly kind: "unresolved"; readonly why: string };

/**
 * Resolves the `Resource` of a state.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 */
export async function integrationOf(resource: string): Promise<Integration> {
  const [, sdkService, sdkAction] =
    /^arn:[\w-]+:states:::aws-sdk:(\w+):(\w+)(?:\.waitForTaskToken)?$/.exec(resource) ?? [];
  if (sdkService !== undefined && sdkAction !== undefined) return sdkCall(sdkService, sdkAction);
  const [, service, action, pattern] =
    /^arn:[\w-]+:states:::([\w-]+):(\w+)(?:\.(sync|sync:2|waitForTaskToken))?$/.exec(resource) ??
    [];
  if (service !== undefined && action !== undefined) {
    return optimizedCall(`${service}:${action}`, pattern?.startsWith("sync") ?? false);
  }
  if (/^arn:[\w-]+:lambda:[\w-]+:\d*:function:./.test(resource)) {
    const needs = [["lambda:InvokeFunction"]];
    return { kind: "call", name: "a function", needs, mayUse: [], functionArn: resource };
  }
  // Its workers ask for tasks, with their permissions.
  if (/^arn:[\w-]+:states:[\w-]+:\d*:activity:./.test(resource)) return { kind: "none" };
  return { kind: "unresolved", why: `has the unknown Resource ${showString(resource)}` };
}

async function sdkCall(service: string, action: string): Promise<Integration> {
  const name = `aws-sdk:${service}:${action}`;
  const operation = await operationIn(clientOf(service), action);
  if (operation === undefined) return unknownAction(name);
  return { kind: "call", name, ...operation };
}

async function optimizedCall(name: string, isWaiting: boolean): Promise<Integration> {
  const [service = "", action = ""] = name.split(":");
  const wait = isWaiting ? ownValue(jobWaits, name) : undefined;
  if (isWaiting && wait === undefined) {
    return { kind: "unresolved", why: `waits for ${name}, whose permissions are unknown` };
  }
  const actions = ownValue(integrationActions, name);
  const operation = actions
    ? { needs: actions.map((it) => [it]), mayUse: [] }
    : await operationIn(service, action);
  if (operation === undefined) return unknownAction(name);
  const requirement = ownValue(integrationRequirements, name);
  const signedBy = ownValue(signingParameters, name);
  return { kind: "call", name, ...operation, signedBy, requirement, wait };
}

function unknownAction(name: string): Integration {
  return {
    kind: "unresolved",
    why: `calls ${name}, for which the Service Authorization Reference has no action`,
  };
}

/** The permissions of an action as Step Functions spells it: `createDbInstance` for `CreateDBInstance`. */
async function operationIn(client: string, action: string) {
  const exceptions = Object.keys(ownValue(actionExceptions, client) ?? {});
  const spelled = exceptions.find((it) => lowerCase(it) === lowerCase(action));
  const operation = spelled ?? action.charAt(0).toUpperCase() + action.slice(1);
  const found = await operationOf(client, operation);
  return found.kind === "known" ? { needs: found.needs, mayUse: found.mayUse } : undefined;
}

/** The client of a service without hyphens: `cloudwatch-logs` for `cloudwatchlogs`. */
function clientOf(service: string): string {
  const clients = [...Object.keys(servicePrefixes), ...Object.keys(actionExceptions)];
  return (
    ownValue(sdkServices, service) ??
    clients.find((it) => withoutHyphens(it) === service) ??
    service
  );
}
