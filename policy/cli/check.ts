import { basename } from "node:path";
import type { Configuration } from "../configuration.ts";
import { shortId } from "../finding.ts";
import { version } from "../package.json";
import { rules } from "../rules/index.ts";
import { sarifPath } from "../run.ts";
import { type SarifResult, startSarif } from "../sarif.ts";
import { type CheckedFinding, checkStack, ruleNames } from "./check-stack.ts";
import { readConfiguration } from "./configuration.ts";
import { type DocumentKind, policyDocument, stackOf } from "./documents.ts";
import { nameOf, readJson, readText } from "./input.ts";
import { exportedStack, readState } from "./state.ts";
import { type ExitCode, printableLine, styled, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Most rules of stacks compare with the rest of a stack, and a document has none. These need the stack only to find the
 * policies of an identity, or the grants of a component. All rules stay, since a configuration and waivers may name them.
 */
const documentRules = rules.map((it) =>
  ["privilege-escalation", "unknown-document"].includes(it.name)
    ? it
    : { ...it, checkStack: undefined },
);

export interface CheckOptions {
  readonly stack?: string;
  readonly config?: string;
  readonly kind?: DocumentKind;
  readonly json?: boolean;
}

/** `check`: checks policy documents, or the exported state of a stack. */
export async function check(
  paths: readonly string[],
  { stack, config, kind, json = false }: CheckOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const configuration = await readConfiguration(config, ruleNames(), terminal);
  // A waiver of a resource that is not in a document is not unused.
  const ofDocuments = {
    ...configuration,
    disabled: new Set([...configuration.disabled, "unused-waiver"]),
  };
  const findings: CheckedFinding[] = [];
  const results: SarifResult[] = [];
  const keep = (it: SarifResult) => results.push(it);
  if (stack !== undefined) {
    const state = readState(await readJson(stack, exportedStack, terminal), nameOf(stack));
    findings.push(...(await checkStack(state, configuration, terminal, rules, keep)));
  }
  for (const path of paths) {
    const text = await readText(path, policyDocument, terminal);
    const of = stackOf(text, path === "-" ? nameOf(path) : basename(path), kind);
    findings.push(...(await checkStack(of, ofDocuments, terminal, documentRules, keep)));
  }
  writeSarif(results, configuration, terminal);
  print(findings, json, terminal);
  return findings.some(({ level }) => level === "mandatory") ? 1 : 0;
}

/** Writes the SARIF file, if one is configured, as the pack does. Throws a UsageError if it cannot be written. */
function writeSarif(
  results: readonly SarifResult[],
  { settings, disabled }: Configuration,
  { folder, environment }: Terminal,
): void {
  const start = environment.POLICY_FOLDER || folder;
  const place = { folder: start, environment: { ...environment, PWD: folder } };
  const path = sarifPath(settings.sarif?.file, place);
  if (path === undefined || disabled.has("sarif")) return;
  const started = startSarif(path, { ...place, version, rules });
  if ("problem" in started) throw new UsageError(`SARIF file ${path}: ${started.problem}`);
  for (const it of results) started.sarif.add(it);
}

function print(findings: readonly CheckedFinding[], json: boolean, terminal: Terminal): void {
  const { output } = terminal;
  if (json) {
    output.write(`${JSON.stringify({ findings }, undefined, 2)}\n`);
    return;
  }
  for (const { rule, level, id, message } of findings) {
    const shown = styled(level === "mandatory" ? "red" : "yellow", `[${level}]`, terminal);
    const name = styled("bold", rule, terminal);
    output.write(`${shown} ${name} ${shortId(id)}  ${printableLine(message)}\n`);
  }
  const mandatory = findings.filter(({ level }) => level === "mandatory").length;
  const advisory = findings.length - mandatory;
  const counts = `${mandatory} mandatory, ${advisory} advisory`;
  output.write(
    findings.length === 0 ? `${styled("green", "no findings", terminal)}\n` : `${counts}\n`,
  );
}
