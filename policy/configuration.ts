import { onEngineCall } from "./engine-calls.ts";
import type { Finding } from "./finding.ts";
import { nearest } from "./iam/nearest.ts";
import type { Rule, Settings } from "./rule.ts";
import { some } from "./statements.ts";

/** The messages of the engine, as far as they are used here. */
interface ConfigureRequest {
  getPolicyconfigMap(): {
    entries(): Iterable<
      [
        string,
        {
          getProperties(): { toJavaScript(): Settings } | undefined;
          getEnforcementlevel(): number;
        },
      ]
    >;
  };
}

/** The pack's configuration: the settings of each rule, and the rules that are disabled or advisory. */
export interface Configuration {
  readonly settings: Readonly<Record<string, Settings>>;
  readonly disabled: ReadonlySet<string>;
  readonly advisory: ReadonlySet<string>;
}

/**
 * Calls back with the pack's configuration when the engine sends it. The engine starts the
 * program only after that call has returned (`loadPolicyPlugins` in newUpdateSource, engine/update.go),
 * for a preview and again for a deployment. An error of `use` ends the run.
 *
 * `@pulumi/policy` itself shows the configuration to a rule only with the first resource, when the
 * program already runs. Must be called before the policy server starts.
 */
export function onConfiguration(use: (configuration: Configuration) => void): void {
  const { EnforcementLevel } = require("@pulumi/pulumi/proto/analyzer_pb");
  onEngineCall<ConfigureRequest>("configure", (request) => {
    // The engine sends the level of each rule, whether it is configured or the pack's.
    const entries = [...request.getPolicyconfigMap().entries()];
    const rulesAt = (level: number) =>
      new Set(
        entries
          .filter(([, config]) => config.getEnforcementlevel() === level)
          .map(([rule]) => rule),
      );
    use({
      settings: Object.fromEntries(
        entries.map(([rule, config]) => [rule, config.getProperties()?.toJavaScript() ?? {}]),
      ),
      disabled: rulesAt(EnforcementLevel.DISABLED),
      advisory: rulesAt(EnforcementLevel.ADVISORY),
    });
  });
}

/** The engine's name for all rules: `applyConfig` in its pkg/resource/analyzer/config.go. */
const everyRule = "all";

/**
 * What is wrong with the names in a configuration. The engine ignores a rule or a setting that does not
 * exist, so what a misspelt one was to allow or forbid would stay as it is.
 */
export function configurationProblems(
  settings: Readonly<Record<string, Settings>>,
  rules: readonly Pick<Rule, "name" | "configSchema">[],
): Finding[] {
  const names = rules.map(({ name }) => name);
  return Object.keys(settings).flatMap((name) => {
    const rule = rules.find((it) => it.name === name);
    if (!rule) {
      const why = "the pack has no such rule";
      return name === everyRule ? [] : [problem(`rule ${name}`, why, name, names)];
    }
    const schemas = new Map(Object.entries(rule.configSchema?.properties ?? {}));
    return Object.entries(settings[name] ?? {}).flatMap(([setting, value]) => {
      const schema = schemas.get(setting);
      const what = `setting ${name}.${setting}`;
      if (schema) return problemOfValue(what, value, schema);
      return [problem(what, "the rule has no such setting", setting, [...schemas.keys()])];
    });
  });
}

/** The engine checks the types of values before it starts the pack, but not everybody who configures it is the engine. */
function problemOfValue(what: string, value: unknown, { type }: { type?: unknown }): Finding[] {
  if (value === undefined) return [];
  const isList = Array.isArray(value) && value.every((it) => typeof it === "string");
  if (type === "array" ? isList : typeof value === type) return [];
  const expected = type === "array" ? "list of strings" : type;
  return [
    {
      what: `configuration: ${what}`,
      why: `it is no ${expected}`,
      fix: `Write a ${expected}`,
      level: "mandatory",
    },
  ];
}

function problem(what: string, why: string, name: string, known: readonly string[]): Finding {
  const closest = nearest(name, known);
  const others = known.length > 0 ? `Write one of ${some(known, known.length)}` : "Remove it";
  return {
    what: `configuration: ${what}`,
    why,
    fix: closest === undefined ? others : `Write ${closest}`,
    level: "mandatory",
  };
}
