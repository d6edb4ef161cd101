import { IAMClient } from "@aws-sdk/client-iam";
import type { ApiRequest } from "../../../sandbox/aws/api-request.ts";
import type { Authorizer, AuthorizerSources } from "../../../sandbox/aws/authorizer.ts";
import { accountId } from "../../../sandbox/aws/emulator.ts";
import type { Call } from "./call.ts";
import { denialOf } from "./denial.ts";
import { evaluate, type RolePolicies, type Verdict } from "./evaluate.ts";
import { lookUpIn } from "./look-up.ts";
import { readRequest } from "./requests.ts";
import { policiesOf } from "./roles.ts";
import { assumeRoleWithWebIdentity } from "./web-identity.ts";

/** One call of a role, and whether its policies allow it. */
export interface Decision extends Verdict, Pick<Call, "action" | "resource"> {
  readonly role: string;
}

/**
 * An authorizer by the policies that IAM holds, which it asks for as root. It appends every decision on a
 * request to `decisions`, in order.
 */
export function createAuthorizer(
  { emulator, instanceTypeOf }: AuthorizerSources,
  decisions: Decision[] = [],
): Authorizer {
  const iam = new IAMClient(emulator);
  const place = { region: emulator.region, accountId };
  const lookUp = lookUpIn(emulator, { instanceTypeOf });
  const policies = new Map<string, Promise<RolePolicies>>();

  function policiesFor(role: string): Promise<RolePolicies> {
    const found = policies.get(role) ?? policiesOf(iam, role);
    policies.set(role, found);
    return found;
  }

  return {
    policiesMayHaveChanged: () => policies.clear(),
    async refusalOf(role, request, functionArn) {
      const caller = `arn:aws:sts::${place.accountId}:assumed-role/${role}/session`;
      const calls = (await readRequest(request, place, lookUp)) ?? [unknown(request)];
      const rolePolicies = await policiesFor(role);
      for (const call of calls) {
        const keys = {
          ...call.keys,
          "aws:requestedregion": request.region,
          ...(functionArn && { "lambda:sourcefunctionarn": functionArn }),
        };
        const verdict = evaluate({ ...call, keys }, rolePolicies);
        decisions.push({ role, action: call.action, resource: call.resource, ...verdict });
        if (!verdict.isAllowed) return denialOf(request, caller, call);
      }
      return undefined;
    },
    async allows(role, action, resource) {
      return evaluate({ action, resource, keys: {} }, await policiesFor(role)).isAllowed;
    },
    assumeRoleWithWebIdentity: (request) => assumeRoleWithWebIdentity(iam, request, Date.now()),
  };
}

/** A request that the authorizer does not know, and so refuses. */
function unknown({ service, method, path, target, body }: ApiRequest): Call {
  const operation = target || /Action=(\w+)/.exec(body)?.[1] || `${method} ${path}`;
  const action = `${service}: ${operation} (not known to the authorizer)`;
  return { action, resource: "", keys: {} };
}
