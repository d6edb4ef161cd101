import type { Authorizer } from "../authorizer.ts";
import { isWebIdentityRequest } from "../identity-token.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Has the authorizer respond to AssumeRoleWithWebIdentity, since the emulator compares three claims of
 * a token only.
 */
export function webIdentitySessions(authorizer: Authorizer): Middleware {
  return async (call, next) =>
    isWebIdentityRequest(call.request)
      ? authorizer.assumeRoleWithWebIdentity(call.request)
      : next(call);
}
