import { closeSync } from "node:fs";
import { basename } from "node:path";
import type { PolicyResource } from "@pulumi/policy";
import { isCi } from "../ci.ts";
import { textOf } from "../field.ts";
import type { Finding } from "../finding.ts";
import {
  type Entry,
  entriesOf,
  type GrantsFile,
  grantsFileText,
  isIn,
  readGrantsFile,
} from "../grants-file.ts";
import { writeOutputFile } from "../output-file.ts";
import { type Place, type Rule, type RulePlace, type Settings, settingPath } from "../rule.ts";
import {
  actionWord,
  boundaryKey,
  denyPrefix,
  type GrantLine,
  grantLines,
  isSameLine,
} from "../stack/grant-lines.ts";
import { allowingStatements, hasDocument } from "../statements.ts";

/**
 * What a program grants is written in a file that is reviewed like code, so that whatever widens it
 * is a line in a pull request.
 */
export const grantsFile: Rule = {
  name: "grants-file",
  description: "The stack grants what the grants file says, where one is configured.",
  severity: "high",
  remediationSteps: "Take the grant away, or write the file anew and have its difference reviewed.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
  configSchema: {
    properties: {
      file: {
        type: "string",
        description:
          "The grants file, absolute or from the pack's folder. Without it nothing is compared.",
      },
    },
  },
  inputFiles: ["file"],
  appliesTo: hasDocument("identity"),

  /** An action that the file has nowhere is stopped before its document is made. */
  async *check(resource, settings, place) {
    if (isWriting(place)) return;
    const read = load(settings, place);
    if (!read?.file) return;
    for (const { where, statement } of allowingStatements(resource, ["identity"])) {
      for (const action of statement.actions.flatMap((it) => textOf(it) ?? [])) {
        const word = await actionWord(action);
        if (hasAction(read.file, word)) continue;
        yield { what: `${where}: + ${word}`, ...widening(read.name) };
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
        fix: `Write it with ${writing}=1 in the environment of a preview, or set grants-file.file in the pack's configuration (a relative path begins at the pack's folder)`,
      };
      return;
    }
    const lines = await grantLines(resources);
    for (const it of [...added(read.file, lines), ...gone(read.file, lines)]) {
      const { identity, widens, what } = it;
      const resource = lines.find(({ name }) => name === identity)?.identity ?? stack;
      yield { resource, what, ...(widens ? widening(read.name) : narrowing(read.name)) };
    }
  },
};

/** If this variable is 1, the file is written instead of compared. */
const writing = "WRITE_GRANTS_FILE";

function isWriting({ environment }: Place): boolean {
  return environment[writing] === "1" && !isCi(environment);
}

/** Why the file is compared though the variable has a value. */
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

interface Difference {
  readonly identity: string;
  readonly what: string;
  readonly widens: boolean;
}

/** What the stack has and the file has not. */
function added(file: GrantsFile, lines: readonly GrantLine[]): Difference[] {
  return lines
    .filter((line) => !isIn(file, line) && !isToldOfDocument(file, line))
    .map(({ name, key, values }) => ({
      identity: name,
      what: `+ ${key} on ${values.join(" or ")}`,
      widens: !narrows(key),
    }));
}

/** What the file has and the stack has not. */
function gone(file: GrantsFile, lines: readonly GrantLine[]): Difference[] {
  return entriesOf(file)
    .filter((entry) => !lines.some((line) => isOf(line, entry)))
    .map(({ identity, key, value }) => ({
      identity,
      what: `- ${key} on ${value}`,
      widens: narrows(key),
    }));
}

function isOf({ name, key, values }: GrantLine, entry: Entry): boolean {
  if (name !== entry.identity || key !== entry.key) return false;
  return values.some((it) => isSameLine(entry.value, it));
}

/** Without a Deny or a boundary, more is allowed. */
function narrows(key: string): boolean {
  return key === boundaryKey || key.startsWith(denyPrefix);
}

/** An action that the file has nowhere is told of the document that has it, before that is made. */
function isToldOfDocument(file: GrantsFile, { key }: GrantLine): boolean {
  return /^[\w-]+:[\w*?]+$|^#/.test(key) && !hasAction(file, key);
}

function hasAction(file: GrantsFile, action: string): boolean {
  return Object.values(file).some((identity) => Object.hasOwn(identity, action));
}

function widening(file: string) {
  return {
    why: `${file} does not allow it: the stack would grant more than was reviewed`,
    fix: `Take it away, or write ${file} anew and have the difference reviewed`,
  };
}

function narrowing(file: string) {
  return {
    why: `the stack grants less than ${file} says`,
    fix: `Write ${file} anew`,
    level: "advisory" as const,
  };
}

/** Writes the file; says what was written, or why nothing was. */
async function write(
  { file }: Settings,
  resources: readonly PolicyResource[],
  place: RulePlace,
): Promise<Finding> {
  if (file === undefined) {
    return {
      what: `${writing} in the environment`,
      why: "the configuration names no grants file, so none was written",
      fix: "Set grants-file.file in the pack's configuration",
      level: "advisory",
    };
  }
  const path = settingPath(file, place);
  const text = grantsFileText(await grantLines(resources));
  const written = writeOutputFile(path, text, place);
  if ("problem" in written) {
    return {
      what: `grants file ${file}`,
      why: written.problem,
      fix: "Set grants-file.file in the pack's configuration (a relative path begins at the pack's folder)",
    };
  }
  closeSync(written.file);
  // The pack's own text is what must not change from here on.
  place.files.load(path);
  const { length } = entriesOf(JSON.parse(text));
  return {
    what: `grants file ${path}`,
    why: `it was written with ${length} ${length === 1 ? "entry" : "entries"}, not compared`,
    fix: "Have its difference reviewed",
    level: "advisory",
  };
}

interface Loaded {
  readonly name: string;
  readonly file?: GrantsFile;
  readonly problem?: string;
}

/** By the run of the pack, which asks for each document. */
const loaded = new WeakMap<RulePlace, Loaded>();

/** The configured file, or why it cannot be used; nothing where none is configured. */
function load({ file }: Settings, place: RulePlace): Loaded | undefined {
  if (file === undefined) return undefined;
  const before = loaded.get(place) ?? readFrom(settingPath(file, place), place);
  loaded.set(place, before);
  return before;
}

function readFrom(path: string, { files }: RulePlace): Loaded {
  const content = files.contentOf(path);
  const read = "problem" in content ? content : readGrantsFile(content.text);
  return { name: basename(path), ...read };
}
