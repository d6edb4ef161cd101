import { IAMClient } from "@aws-sdk/client-iam";
import type { ApiRequest } from "../../../sandbox/aws/api-request.ts";
import type { AwsTarget } from "../../../sandbox/aws/provider/aws-target.ts";
import type { Response } from "../../../sandbox/http.ts";
import type { Call, LookUp, Place } from "./call.ts";
import { denialOf } from "./denial.ts";
import { evaluate, type RolePolicies, type Verdict } from "./evaluate.ts";
import { lookUpIn } from "./look-up.ts";
import { readRequest } from "./requests.ts";
import { policiesOf } from "./roles.ts";

/** One call of a role, and whether its policies allow it. */
export interface Judged extends Verdict, Pick<Call, "action" | "resource"> {
  readonly role: string;
}

/** Judges the calls of roles in place of the emulator, whose IAM is coarse on management calls. */
export interface Judge {
  /** Every call, in order. */
  readonly calls: readonly Judged[];
  /** Has policies read anew, which are remembered until then. */
  policiesMayHaveChanged(): void;
  /** The refusal of a role's request, made by the code of this function if any; nothing where it may pass. */
  refusalOf(
    role: string,
    request: ApiRequest,
    functionArn: string | undefined,
  ): Promise<Response | undefined>;
  /** Whether a role may make a call; for responses that depend on it. Not recorded. */
  allows(role: string, call: Call): Promise<boolean>;
}

/** A judge by the policies that IAM holds, which it asks as root. */
export function createJudge(
  target: AwsTarget,
  place: Place,
  ofGateway: Pick<LookUp, "instanceTypeOf">,
): Judge {
  const iam = new IAMClient(target);
  const lookUp: LookUp = lookUpIn(target, ofGateway);
  const calls: Judged[] = [];
  const policies = new Map<string, Promise<RolePolicies>>();

  function policiesFor(role: string): Promise<RolePolicies> {
    const found = policies.get(role) ?? policiesOf(iam, role);
    policies.set(role, found);
    return found;
  }

  return {
    calls,
    policiesMayHaveChanged: () => policies.clear(),
    async refusalOf(role, request, functionArn) {
      const caller = `arn:aws:sts::${place.accountId}:assumed-role/${role}/session`;
      const asked = (await readRequest(request, place, lookUp)) ?? [unknown(request)];
      const held = await policiesFor(role);
      for (const call of asked) {
        const keys = {
          ...call.keys,
          "aws:requestedregion": request.region,
          ...(functionArn && { "lambda:sourcefunctionarn": functionArn }),
        };
        const verdict = evaluate({ ...call, keys }, held);
        calls.push({ role, action: call.action, resource: call.resource, ...verdict });
        if (!verdict.isAllowed) return denialOf(request, caller, call);
      }
      return undefined;
    },
    allows: async (role, call) => evaluate(call, await policiesFor(role)).isAllowed,
  };
}

/** Nobody can say what it does, so nobody may. */
function unknown({ service, method, path, target, body }: ApiRequest): Call {
  const operation = target || /Action=(\w+)/.exec(body)?.[1] || `${method} ${path}`;
  return { action: `${service}: ${operation} (not known to the judge)`, resource: "", keys: {} };
}
