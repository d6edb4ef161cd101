import { writeFileSync } from "node:fs";
import { onEngineCall } from "../engine-calls.ts";
import { isFields } from "../field.ts";
import type { Rule } from "../rule.ts";
import { type NeededPolicy, neededPolicy, type UnknownCaller } from "../stack/needed-policy.ts";

/** The policy, or why there is none. */
export type Generated = NeededPolicy | UnknownCaller;

/** Only `generate preview` sets it, for the pack that its engine starts. */
export const requestVariable = "LEAST_PRIVILEGE_IAM_GENERATE";

/** What `generate preview` asks of the pack. */
export interface Request {
  /** The logical name or the URN of the function or the state machine. */
  readonly name: string;
  /** Where the result goes; there is no such file yet. */
  readonly file: string;
}

/**
 * In place of all rules, a rule that computes the policy of one function when the whole stack is known. With other rules, a
 * finding of a resource would end the preview before that. Since it checks nothing, it fails every run.
 */
export function generateRule(name: string, use: (result: Generated) => void): Rule {
  return {
    name: "generate",
    description: "Computes the policy that a function needs.",
    severity: "critical",
    remediationSteps: `Unset ${requestVariable}.`,
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    // The pack keeps what it needs of the inputs.
    check: () => [],
    async *checkStack(resources, _settings, place) {
      use(await neededPolicy(resources, place, name));
      const [resource] = resources;
      if (!resource) return;
      yield {
        resource,
        what: requestVariable,
        why: "the policy pack generated a policy and checked nothing",
        fix: "Unset the variable; only the command `generate preview` sets it",
        level: "mandatory",
      };
    },
  };
}

/** The rules of a pack that the engine of `generate preview` has started; otherwise undefined. */
export function requestedRules(
  environment: Readonly<Record<string, string | undefined>>,
): readonly Rule[] | undefined {
  const { [requestVariable]: text } = environment;
  if (!text) return undefined;
  const { name, file } = requestIn(text);
  const write = (result: Generated) =>
    writeFileSync(file, JSON.stringify(result), { flag: "wx", mode: 0o600 });
  // A deployment without preview would create resources before the rule fails it.
  onEngineCall<{ getDryRun(): boolean }>("configureStack", (request) => {
    if (!request.getDryRun()) throw new Error(onlyForPreviews);
  });
  return [generateRule(name, write)];
}

const onlyForPreviews = `${requestVariable} is only for the command \`generate preview\`. Unset it.`;

function requestIn(text: string): Request {
  const request: unknown = JSON.parse(text);
  if (isFields(request) && typeof request.name === "string" && typeof request.file === "string") {
    return { name: request.name, file: request.file };
  }
  throw new Error(onlyForPreviews);
}
