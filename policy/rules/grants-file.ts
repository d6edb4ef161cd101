import { closeSync } from "node:fs";
import { basename } from "node:path";
import type { PolicyResource } from "@pulumi/policy";
import { isCi } from "../ci.ts";
import { secretValue, stringOf } from "../field.ts";
import type { Finding } from "../finding.ts";
import {
  boundaryKey,
  denyPrefix,
  entriesOf,
  type GrantsFile,
  grantsFileText,
  isIn,
  isSameValue,
  type LockEntry,
  readGrantsFile,
} from "../grants-file.ts";
import { writeOutputFile } from "../output-file.ts";
import {
  type Place,
  type Rule,
  type RulePlace,
  relativePathStart,
  type Settings,
  settingPath,
} from "../rule.ts";
import { actionWord, lockEntries, type StackEntry } from "../stack/lock-entries.ts";
import { allowingStatements, hasDocument } from "../statements.ts";

/**
 * The permissions of a program are in a file that is reviewed like code, so each new one is a line in a
 * pull request.
 */
export const grantsFile: Rule = {
  name: "grants-file",
  description: "The stack grants what the grants file lists, if one is configured.",
  severity: "high",
  remediationSteps: "Remove the permission, or regenerate the file and have the change reviewed.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
  configSchema: {
    properties: {
      file: {
        type: "string",
        description: "The grants file, absolute or relative. Without it nothing is compared.",
      },
      optional: {
        type: "string",
        description:
          "Another grants file, for settings that are off by default. The stack may grant what it lists, and need not.",
      },
    },
  },
  inputFiles: ["file", "optional"],
  appliesTo: hasDocument("identity"),

  /** Stops an action that the file does not have at all before its document is created. */
  async *check(resource, settings, place) {
    if (isWriting(place)) return;
    const read = load(settings, place);
    const optional = load(settings, place, "optional")?.file ?? {};
    if (!read?.file) return;
    for (const statement of allowingStatements(resource, ["identity"])) {
      for (const action of statement.actions.flatMap((it) => stringOf(it) ?? [])) {
        const word = await actionWord(action);
        if (hasAction(read.file, word) || hasAction(optional, word)) continue;
        yield { what: `${statement.where}: +`, values: [word], ...widening(read.name) };
      }
    }
  },

  async *checkStack(resources, settings, place) {
    const [stack] = resources;
    if (!stack) return;
    const problem = variableProblem(place);
    if (problem) yield { resource: stack, what: `${writing} in the environment`, ...problem };
    if (isWriting(place)) {
      yield { resource: stack, ...(await write(settings, resources, place)) };
      return;
    }
    if (settings.file === undefined) return;
    const read = load(settings, place);
    if (!read?.file) {
      yield {
        resource: stack,
        what: `grants file ${settings.file}`,
        why: read?.problem ?? "",
        fix: `Generate it with a preview that has ${writing}=1 in its environment, or set grants-file.file in the pack's configuration (${relativePathStart})`,
      };
      return;
    }
    const optional = load(settings, place, "optional");
    if (optional?.problem) {
      yield {
        resource: stack,
        what: `grants file ${settings.optional}`,
        why: optional.problem,
        fix: `Set or remove grants-file.optional in the pack's configuration (${relativePathStart})`,
      };
      return;
    }
    const entries = await lockEntries(resources);
    for (const { resource, key, values } of added([read.file, optional?.file ?? {}], entries)) {
      const found = { what: "+", values: [`${key} on ${values.join(" or ")}`] };
      yield {
        resource,
        ...found,
        ...(restricts(key) ? narrowing(read.name) : widening(read.name)),
      };
    }
    for (const { identity, key, values } of removed(read.file, entries)) {
      const { resource = stack } = entries.find((it) => it.identity === identity) ?? {};
      const found = { what: "-", values: [`${key} on ${values.join(" or ")}`] };
      yield {
        resource,
        ...found,
        ...(restricts(key) ? widening(read.name) : narrowing(read.name)),
      };
    }
  },
};

/** If this variable is 1, the file is written instead of compared. */
const writing = "WRITE_GRANTS_FILE";

function isWriting({ environment }: Place): boolean {
  return environment[writing] === "1" && !isCi(environment);
}

/** Why the file is compared although the variable has a value. */
function variableProblem({ environment }: Place): Pick<Finding, "why" | "fix"> | undefined {
  const value = environment[writing] ?? "";
  if (value === "") return undefined;
  if (value !== "1") {
    return {
      why: `its value is ${JSON.stringify(value)}, so the grants file is compared, not written`,
      fix: "Set it to 1 to write the file, or unset it",
    };
  }
  if (!isCi(environment)) return undefined;
  return {
    why: "CI is set, and a pipeline must not write the file that it compares",
    fix: `Unset ${writing} in the pipeline, and write the file on your machine`,
  };
}

/** The entries of the stack that none of the files has. */
function added(files: readonly GrantsFile[], ofStack: readonly StackEntry[]): StackEntry[] {
  return ofStack.filter(
    (it) => !files.some((file) => isIn(file, it)) && !isReportedOnDocument(files, it),
  );
}

/** The entries of the file that the stack does not have. */
function removed(file: GrantsFile, ofStack: readonly StackEntry[]): LockEntry[] {
  return entriesOf(file).filter(({ identity, key, values: [value] }) => {
    const same = ofStack.filter((it) => it.identity === identity && it.key === key);
    return !same.some(({ values }) => values.some((it) => isSameValue(value, it)));
  });
}

/** A Deny or a boundary restricts the identity. */
function restricts(key: string): boolean {
  return key === boundaryKey || key.startsWith(denyPrefix);
}

/** An action that no file has at all is reported on its document, before that is created. */
function isReportedOnDocument(files: readonly GrantsFile[], { key }: LockEntry): boolean {
  return /^[\w-]+:[\w*?]+$|^#/.test(key) && !files.some((file) => hasAction(file, key));
}

function hasAction(file: GrantsFile, action: string): boolean {
  // A secret could be any action.
  if (action === secretValue) return false;
  return Object.values(file).some((identity) => Object.hasOwn(identity, action));
}

function widening(file: string) {
  return {
    why: `${file} does not list it, so the stack would grant more than was reviewed`,
    fix: `Remove it, or regenerate ${file} and have the change reviewed`,
  };
}

function narrowing(file: string) {
  return {
    why: `the stack grants less than ${file} lists`,
    fix: `Regenerate ${file}`,
    level: "advisory" as const,
  };
}

/** Writes the file, and reports what was written, or why nothing was. */
async function write(
  { file }: Settings,
  resources: readonly PolicyResource[],
  place: RulePlace,
): Promise<Finding> {
  if (file === undefined) {
    return {
      what: `${writing} in the environment`,
      why: "the configuration has no grants file, so none was written",
      fix: "Set grants-file.file in the pack's configuration",
      level: "advisory",
    };
  }
  const path = settingPath(file, place);
  const text = grantsFileText(await lockEntries(resources));
  const written = writeOutputFile(path, text, place);
  if ("problem" in written) {
    return {
      what: `grants file ${file}`,
      why: written.problem,
      fix: `Set grants-file.file in the pack's configuration (${relativePathStart})`,
    };
  }
  closeSync(written.file);
  // From here on the program must not change what the pack wrote.
  place.files.load(path);
  const { length } = entriesOf(JSON.parse(text));
  return {
    what: `grants file ${path}`,
    why: `it was written with ${length} ${length === 1 ? "entry" : "entries"}, not compared`,
    fix: "Have the change reviewed",
    level: "advisory",
  };
}

interface Loaded {
  readonly name: string;
  readonly file?: GrantsFile;
  readonly problem?: string;
}

/** Each file, once for each run of the pack, which needs it for each document. */
const loaded = new WeakMap<RulePlace, Map<string, Loaded>>();

/** The configured file, or why it cannot be used; undefined if none is configured. */
function load(
  settings: Settings,
  place: RulePlace,
  setting: "file" | "optional" = "file",
): Loaded | undefined {
  const file = settings[setting];
  if (file === undefined) return undefined;
  const files = loaded.get(place) ?? new Map<string, Loaded>();
  loaded.set(place, files);
  const path = settingPath(file, place);
  const found = files.get(path) ?? readFrom(path, place);
  files.set(path, found);
  return found;
}

function readFrom(path: string, { files }: RulePlace): Loaded {
  const content = files.contentOf(path);
  const read = "problem" in content ? content : readGrantsFile(content.text);
  return { name: basename(path), ...read };
}
