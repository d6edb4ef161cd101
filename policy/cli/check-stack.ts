import type { Configuration } from "../configuration.ts";
import { findingId } from "../finding.ts";
import { serveLocally, type Verdict } from "../local-server.ts";
import { createPack } from "../pack.ts";
import { version } from "../package.json";
import type { Rule } from "../rule.ts";
import { rules as allRules } from "../rules/index.ts";
import type { SarifResult } from "../sarif.ts";
import type { DeployedStack } from "./state.ts";
import type { Terminal } from "./terminal.ts";

/** The names of the rules, and of those that the pack adds. */
export function ruleNames(): readonly string[] {
  const run = { rules: allRules, folder: "", version, environment: {}, now: () => new Date(0) };
  return createPack(run).policies.map(({ name }) => name);
}

/** What the engine would get, with the ID of the finding. */
export interface CheckedFinding extends Verdict {
  readonly id: string;
}

/**
 * Checks a stack without an engine, with the same results. Findings are in the order in which the engine would get them:
 * those of each resource, and then those of the stack. `onResult` gets each as the SARIF file would have it, also a waived
 * one; the pack itself writes no file here.
 */
export async function checkStack(
  { resources, codeHashes }: DeployedStack,
  configuration: Configuration,
  { folder, environment, now }: Terminal,
  rules: readonly Rule[] = allRules,
  onResult: (result: SarifResult) => void = () => {},
): Promise<readonly CheckedFinding[]> {
  const ids = new Map<string, string>();
  const pack = createPack({
    rules,
    folder: environment.POLICY_FOLDER || folder,
    environment: { ...environment, PWD: folder },
    version,
    codeHashes,
    now,
    onResult(result) {
      const { rule, resource, message, identity } = result;
      const key = keyOf({ rule: rule.name, urn: resource.urn, message });
      ids.set(key, findingId(rule.name, resource.urn, identity));
      onResult(result);
    },
  });
  const withoutFile = { ...configuration, disabled: new Set([...configuration.disabled, "sarif"]) };
  pack.configure(withoutFile);
  const server = serveLocally(pack.policies, withoutFile);
  const verdicts: Verdict[] = [];
  for (const { inputs } of resources) verdicts.push(...(await server.analyze(inputs)).verdicts);
  const stack = await server.analyzeStack(resources.map(({ outputs }) => outputs));
  verdicts.push(...stack.verdicts);
  return verdicts.map((it) => ({ id: ids.get(keyOf(it)) ?? "", ...it }));
}

function keyOf({ rule, urn, message }: Omit<Verdict, "level">): string {
  return JSON.stringify([rule, urn, message]);
}
