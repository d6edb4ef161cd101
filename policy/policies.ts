import { type Policies as PolicyList, UnknownValueError } from "@pulumi/policy";
import { createAttachedPack } from "./attached-pack.ts";
import { configurationProblems, onConfiguration } from "./configuration.ts";
import { configuredPolicy } from "./configured-policy.ts";
import { findingText } from "./finding.ts";
import { nearest } from "./iam/nearest.ts";
import { peerDependencies } from "./package.json";
import { rules } from "./rules/index.ts";

/** What to take of the pack, by the names of rules. */
export interface PoliciesOptions {
  /** Only these rules. */
  readonly only?: readonly string[];
  /** All rules but these. */
  readonly except?: readonly string[];
  /** Levels by rule. A rule without one has that of the PolicyPack, and the engine's configuration takes precedence. */
  readonly levels?: Readonly<Record<string, "advisory" | "mandatory" | "disabled">>;
  /** Settings by rule, as in the pack's configuration. The engine's configuration takes precedence. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Where relative paths of settings start. By default, where the pack runs: its folder. */
  readonly folder?: string;
}

/**
 * The rules as plain policies for a PolicyPack: `new PolicyPack("mine", { policies: [...policies(), myPolicy] })`. The
 * rules of waivers, of the SARIF file and of the configuration come with them. Must be called before the PolicyPack is
 * created, once in a process. Starts no server. Throws an Error for a rule, a setting, a level or an option that does not
 * exist, for a second call, and with a version of `@pulumi/policy` with which the rules would fail.
 */
export function policies(options: PoliciesOptions = {}): PolicyList {
  const { only, except = [], levels = {}, settings = {}, folder = process.cwd() } = options;
  // Only versions from 1.21.0 have it, and the rules catch it.
  if (!UnknownValueError) {
    const { "@pulumi/policy": expected } = peerDependencies;
    throw new Error(`policies(): @pulumi/policy is too old: expected ${expected}`);
  }
  if (isCalled) {
    throw new Error(
      "policies() was called before: expected one call in a process, since the rules share waivers and a SARIF file",
    );
  }
  for (const name of Object.keys(options)) checkName("option", name, optionNames);
  for (const [option, names] of Object.entries({ only: only ?? [], except })) {
    if (!Array.isArray(names)) throw new Error(`policies(): ${option} is no list of rules`);
    for (const name of names) {
      checkName(
        "rule",
        name,
        rules.map((it) => it.name),
      );
    }
  }
  const pack = createAttachedPack({
    rules: rules.filter(({ name }) => (only?.includes(name) ?? true) && !except.includes(name)),
    folder,
    environment: process.env,
  });
  const names = pack.policies.map(({ name }) => name);
  for (const [name, level] of Object.entries(levels)) {
    checkName("rule", name, names);
    checkName("level", level, levelNames);
  }
  const [problem] = configurationProblems(settings, pack.policies);
  if (problem) throw new Error(findingText("policies()", problem));

  isCalled = true;
  onConfiguration(({ settings: sent, ...levelsSent }) => {
    // The user's own policies are configured in the same message.
    const ours = names.map((it) => [it, { ...settings[it], ...sent[it] }]);
    pack.configure({ ...levelsSent, settings: Object.fromEntries(ours) });
  });
  return pack.policies.map((policy) =>
    configuredPolicy(policy, levels[policy.name], settings[policy.name]),
  );
}

let isCalled = false;

const optionNames = ["only", "except", "levels", "settings", "folder"];
const levelNames = ["advisory", "mandatory", "disabled"];

function checkName(what: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const expected = nearest(String(name), names) ?? `one of ${names.join(", ")}`;
  throw new Error(`policies(): the pack has no ${what} ${name}: expected ${expected}`);
}
