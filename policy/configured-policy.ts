import type { Policies } from "@pulumi/policy";
import type { Settings } from "./rule.ts";

type Policy = Policies[number];
type Validate = (args: { getConfig(): object }, report: unknown) => unknown;

/** A policy with a level, if one is given, and with settings, over which those that the engine sends take precedence. */
export function configuredPolicy(
  policy: Policy,
  enforcementLevel: "advisory" | "mandatory" | "disabled" | undefined,
  settings: Settings = {},
): Policy {
  const wrap = (validate: Validate) => (args: { getConfig(): object }, report: unknown) =>
    validate({ ...args, getConfig: () => ({ ...settings, ...args.getConfig() }) }, report);
  const { validateResource, validateStack } = policy as {
    validateResource?: Validate;
    validateStack?: Validate;
  };
  return {
    ...policy,
    ...(enforcementLevel && { enforcementLevel }),
    ...(validateResource && { validateResource: wrap(validateResource) }),
    ...(validateStack && { validateStack: wrap(validateStack) }),
  } as Policy;
}
