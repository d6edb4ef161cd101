import type { Response } from "../http.ts";
import type { ApiRequest } from "./api-request.ts";
import type { EmulatorTarget } from "./emulator.ts";
import { errorResponse } from "./error-response.ts";

/**
 * Authorizes the calls for which the emulator's IAM is incomplete: those of STS sessions, and those of
 * functions whose role has a permissions boundary.
 */
export interface Authorizer {
  /** AWS's refusal of a role's request; nothing if it is allowed. `functionArn` is the function that sent it, if one did. */
  refusalOf(
    role: string,
    request: ApiRequest,
    functionArn: string | undefined,
  ): Promise<Response | undefined>;
  /** Whether a role may do an action on a resource, for responses that depend on it. */
  allows(role: string, action: string, resource: string): Promise<boolean>;
  /** STS's response to AssumeRoleWithWebIdentity with a token whose signature has been checked. */
  assumeRoleWithWebIdentity(request: ApiRequest): Promise<Response>;
  /** Drops the policies that it remembers. */
  policiesMayHaveChanged(): void;
}

/** What an authorizer asks: the emulator, as root, and what the gateway knows instead of it. */
export interface AuthorizerSources {
  readonly emulator: EmulatorTarget;
  /** The type of an instance; nothing if there is no such instance. */
  instanceTypeOf(instanceId: string): Promise<string | undefined>;
}

export type CreateAuthorizer = (sources: AuthorizerSources) => Authorizer;

/** The authorizer of a sandbox that was started without one: it refuses everything. */
export const refuseAll: Authorizer = {
  refusalOf: async (role, request) =>
    refusal(request, `cannot authorize a call of the role ${role}`),
  allows: async () => false,
  assumeRoleWithWebIdentity: async (request) => refusal(request, "cannot check a trust policy"),
  policiesMayHaveChanged() {},
};

function refusal(request: ApiRequest, what: string): Response {
  const code = request.service === "ec2" ? "UnauthorizedOperation" : "AccessDenied";
  const message =
    `This sandbox ${what}, because it was started without an authorizer. ` +
    "Start it with `createAuthorizer` (sandbox/environment.ts), as pipeline/rehearsal does.";
  return errorResponse(request, { status: 403, code, message });
}
