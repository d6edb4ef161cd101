import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NeededPolicy } from "../stack/needed-policy.ts";
import { checkStack } from "./check-stack.ts";
import { packPath } from "./executable.ts";
import { type Generated, generateRule, type Request, requestVariable } from "./generate-rule.ts";
import { nameOf, readJson } from "./input.ts";
import { checkPreviewArguments } from "./preview-arguments.ts";
import { runPulumi } from "./pulumi.ts";
import { exportedStack, readState } from "./state.ts";
import { type ExitCode, printable, printableLine, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export interface GenerateOptions {
  readonly json?: boolean;
}

export interface PreviewOptions extends GenerateOptions {
  /** Arguments for `pulumi preview`. */
  readonly pulumi: readonly string[];
}

/** Without the variables by which the pack writes its findings, of which there are none. */
const noOutputFiles = { SARIF_FILE: undefined, WRITE_GRANTS_FILE: undefined };

/** `generate STATE.json FUNCTION`: prints the policy that a function of an exported stack needs. */
export async function generateFromState(
  path: string,
  name: string,
  { json = false }: GenerateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const state = readState(await readJson(path, exportedStack, terminal), nameOf(path));
  const none = new Set<string>();
  const configuration = { settings: {}, disabled: none, advisory: none };
  const results: Generated[] = [];
  const rule = generateRule(name, (it) => results.push(it));
  const environment = { ...terminal.environment, ...noOutputFiles };
  const verdicts = await checkStack(state, configuration, { ...terminal, environment }, [rule]);
  const [result] = results;
  if (!result) throw new UsageError(verdicts.map(({ message }) => message).join("\n"));
  return print(result, json, terminal);
}

/**
 * `generate preview FUNCTION`: the same for a program, by a preview. The pack that the engine starts computes the policy, so
 * it sees what the pack always sees.
 */
export async function generateFromPreview(
  name: string,
  { json = false, pulumi }: PreviewOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  checkPreviewArguments("generate", pulumi, terminal.environment);
  // Only this user can read or write in it.
  const folder = mkdtempSync(join(tmpdir(), "least-privilege-iam-"));
  try {
    const file = join(folder, "result.json");
    const request: Request = { name, file };
    // The pack fails the preview, whether it has a result or not.
    const { code, end, output } = await runPulumi(
      ["preview", "--non-interactive", "--policy-pack", packPath, ...pulumi],
      { ...noOutputFiles, [requestVariable]: JSON.stringify(request) },
      terminal,
    );
    const result = resultIn(file);
    if (!result) {
      terminal.errors.write(printable(output));
      throw new UsageError(
        code === 0
          ? "the preview did not run this policy pack: it must run a program"
          : `pulumi preview failed with ${end}; its output is above`,
      );
    }
    return print(result, json, terminal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultIn(file: string): Generated | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Generated;
  } catch {
    return undefined;
  }
}

function print(result: Generated, json: boolean, { output, errors }: Terminal): ExitCode {
  if (result.kind === "unknown-caller") throw new UsageError(result.problem);
  const { kind: _, ...needed } = result;
  output.write(json ? jsonOf(needed) : textOf(result));
  if (!json) for (const it of notesOf(result)) errors.write(`${printableLine(it)}\n`);
  return result.unread.length > 0 ? 1 : 0;
}

function textOf({ grants, policy }: NeededPolicy): string {
  return `Grants:\n\n${jsonOf(grants)}\nPolicy:\n\n${jsonOf(policy)}`;
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** What a reader must know before using the policy, as lines. */
function notesOf({ callers, placeholders, unread, optional }: NeededPolicy): string[] {
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? ["", title, ...lines.map((it) => `- ${it}`)] : [];
  return [
    ...section(
      "These have the role, and the policy has what all of them need:",
      callers.length > 1 ? callers : [],
    ),
    ...section(
      "Replace what is not known before deployment:",
      Object.entries(placeholders).map(([text, meaning]) => `${text}: ${meaning}`),
    ),
    ...section("Not in the policy, since only some cases need it:", optional),
    ...section("NOT COMPLETE. What is not known:", unread),
  ];
}
