import { errorResponse } from "../error-response.ts";
import type { Middleware } from "./middleware.ts";
import { isDryRun } from "./record.ts";

/**
 * Responds to a permitted dry run of RebootInstances with AWS's error DryRunOperation. The emulator
 * ignores DryRun; rebooting one of its instances changes nothing.
 */
export const dryRun: Middleware = async (call, next) => {
  const response = await next(call);
  if (!isDryRun(call) || response.status !== 200) return response;
  const message = "Request would have succeeded, but DryRun flag is set.";
  return errorResponse(call.request, { status: 412, code: "DryRunOperation", message });
};
