import { lowerCase } from "../iam/case.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Arguments that would leave parts of the program out, run other packs, or run somewhere else. */
const refusedArguments =
  /^(-[txCj].*|--(target.*|exclude.*|policy-pack.*|event-log|cwd|json|output|remote.*|expect-no-changes)(=.*)?)$/;

/** Throws a UsageError if a preview with these arguments, or with options in variables, would not be whole. */
export function checkPreviewArguments(
  command: string,
  args: readonly string[],
  environment: Terminal["environment"],
): void {
  // The CLI reads each option from a variable, too: `declareFlagsAsEnvironmentVariables` in its pulumi.go.
  const optionOf = (variable: string) =>
    lowerCase(variable.replace("PULUMI_OPTION_", "--").replaceAll("_", "-"));
  const refused =
    args.find((it) => refusedArguments.test(it)) ??
    Object.keys(environment).find(
      (it) => it.startsWith("PULUMI_OPTION_") && refusedArguments.test(optionOf(it)),
    );
  if (refused === undefined) return;
  throw new UsageError(
    `${command} cannot run a preview with ${refused}: it needs the whole program and this pack only, in the folder of the program`,
  );
}
