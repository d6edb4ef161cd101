import { Command, CommanderError, Option } from "commander";
import { version } from "../package.json";
import { type BaselineOptions, baseline } from "./baseline.ts";
import { type CheckOptions, check } from "./check.ts";
import { documentKinds } from "./documents.ts";
import { executable, packPath } from "./executable.ts";
import { type ExplainOptions, explain } from "./explain.ts";
import { type GenerateOptions, generateFromPreview, generateFromState } from "./generate.ts";
import { type ExitCode, printable, printableLine, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Runs a command: `args` without the executable. Returns the exit code; see `terminal.ts` for its meaning. */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = new Command("least-privilege-iam")
    .description("Checks that the IAM of a Pulumi AWS program is exactly what its code needs.")
    .version(version)
    .usage("COMMAND")
    .addHelpText(
      "after",
      `\nAs a policy pack: pulumi preview --policy-pack ${executable}` +
        "\nExit codes: 0 nothing found, 1 findings, 2 wrong usage, wrong input or a failure",
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.errors.write(printable(text)),
    });

  program
    .command("check")
    .description("check policy documents, or a deployed stack, without Pulumi")
    .argument("[POLICY.json...]", "IAM policy documents; - is standard input")
    .option(
      "--stack <STATE.json>",
      "a stack as `pulumi stack export` prints it; - is standard input",
    )
    .option("--config <FILE>", "the pack's configuration, as for --policy-pack-config")
    .addOption(
      new Option("--kind <KIND>", "what the documents are, if it does not show").choices(
        documentKinds,
      ),
    )
    .option("--json", "print JSON")
    .addHelpText("after", "\nSARIF_FILE: a SARIF file to write, which explain reads")
    .action(async (paths: string[], options: CheckOptions) => {
      if (paths.length === 0 && options.stack === undefined) {
        throw new UsageError(
          "there is nothing to check: expected POLICY.json, or --stack STATE.json",
        );
      }
      exitCode = await check(paths, options, terminal);
    });

  program
    .command("generate")
    .description("print the grants and the policy that a function or a state machine needs")
    .argument("<STATE.json|preview>", "a stack as `pulumi stack export` prints it, or a preview")
    .argument("<FUNCTION>", "its logical name, or its URN")
    .argument("[PULUMI...]", "after --: arguments for `pulumi preview`")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit code 1: the policy is not complete, and the output says why")
    .action(async (from: string, name: string, pulumi: string[], options: GenerateOptions) => {
      if (from !== "preview" && pulumi.length > 0) {
        throw new UsageError(
          `unexpected arguments ${pulumi.join(" ")}: only \`generate preview\` runs pulumi`,
        );
      }
      exitCode =
        from === "preview"
          ? await generateFromPreview(name, { ...options, pulumi }, terminal)
          : await generateFromState(from, name, options, terminal);
    });

  program
    .command("baseline")
    .description(
      "write a waiver for each finding that fails a preview, so that only new findings fail",
    )
    .argument("[PULUMI_ARGUMENT...]", "after --: arguments of `pulumi preview`, e.g. --stack prod")
    .requiredOption("--owner <OWNER>", "who is responsible for the findings")
    .requiredOption("--reason <TEXT>", "why they are accepted, and what limits the risk")
    .option(
      "--expires <YYYY-MM-DD>",
      "when the last waiver expires (default: in 90 days; at most 180)",
    )
    .option(
      "--out <FILE>",
      "the waivers file to create (default: the configured one, or policy-waivers.json)",
    )
    .option("--include-critical", "accept the findings of critical rules, too")
    .option("--config <FILE>", "the pack's configuration, as for --policy-pack-config")
    .option("--json", "print JSON")
    .action(async (words: string[], options: BaselineOptions) => {
      exitCode = await baseline(words, options, packPath, terminal);
    });

  program
    .command("explain")
    .description("say what a rule or a finding is about, and how to fix it")
    .argument("<RULE|FINDING-ID>", "a rule, e.g. star-action, or the ID of a finding or its start")
    .option("--sarif <FILE>", "the file with the finding (default: $SARIF_FILE)")
    .option("--json", "print JSON")
    .action(async (name: string, options: ExplainOptions) => {
      exitCode = await explain(name, options, terminal);
    });

  program
    .command("path")
    .description("print the path of this policy pack, for --policy-pack")
    .action(() => {
      terminal.output.write(`${packPath}\n`);
    });

  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof UsageError)) throw error;
    terminal.errors.write(`error: ${printableLine(error.message)}\n`);
    return 2;
  }
}
