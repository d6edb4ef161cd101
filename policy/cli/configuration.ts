import type { Configuration } from "../configuration.ts";
import { type Fields, isFields } from "../field.ts";
import type { Settings } from "../rule.ts";
import { readJson } from "./input.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const levels = ["advisory", "mandatory", "remediate", "disabled"];

/**
 * The part of a configuration file that is about rules; the rest is the engine's. A numeric version marks a file with `policies`
 * (`parsePolicyPackConfig` in pkg/resource/analyzer/config.go of the engine).
 */
export function rulesIn(file: Fields): Fields {
  if (typeof file.version === "number") return isFields(file.policies) ? file.policies : {};
  const { environments: _, ...rules } = file;
  return rules;
}

/**
 * Reads the file that `pulumi --policy-pack-config` takes: a level, or settings with an `enforcementLevel`, by rule. A
 * level of `all` is that of every rule without one (`applyConfig` in pkg/resource/analyzer/config.go of the engine).
 * Nothing is configured without a path. Throws a UsageError if the file is anything else.
 */
export async function readConfiguration(
  path: string | undefined,
  ruleNames: readonly string[],
  terminal: Terminal,
): Promise<Configuration> {
  const file = await readConfigurationFile(path, terminal);
  const entries = Object.entries(rulesIn(file)).map(([rule, value]) => {
    const { enforcementLevel = undefined, ...settings } = isFields(value)
      ? value
      : { enforcementLevel: value };
    if (enforcementLevel !== undefined && !levels.includes(enforcementLevel as string)) {
      throw new UsageError(
        `${path}: ${rule} has the level ${JSON.stringify(enforcementLevel)}: expected one of ${levels.join(", ")}`,
      );
    }
    return { rule, level: enforcementLevel as string | undefined, settings: settings as Settings };
  });
  const given = new Map(entries.map(({ rule, level }) => [rule, level]));
  const levelOf = (rule: string) => given.get(rule) ?? given.get("all") ?? "mandatory";
  return {
    settings: Object.fromEntries(entries.map(({ rule, settings }) => [rule, settings])),
    disabled: new Set(ruleNames.filter((it) => levelOf(it) === "disabled")),
    advisory: new Set(ruleNames.filter((it) => levelOf(it) === "advisory")),
  };
}

/** The file as it is; an empty object without a path. Throws a UsageError if it is no object. */
export async function readConfigurationFile(
  path: string | undefined,
  terminal: Terminal,
): Promise<Fields> {
  const expected = 'the configuration of a policy pack, e.g. {"log-retention": "advisory"}';
  const file = path === undefined ? {} : await readJson(path, expected, terminal);
  if (!isFields(file)) throw new UsageError(`${path} is not an object: expected ${expected}`);
  const { version, policies } = file;
  if (typeof version === "number" && policies !== undefined && !isFields(policies)) {
    throw new UsageError(`${path}: policies is not an object: expected levels or settings by rule`);
  }
  return file;
}
