import { callingLibraries, quietLibraries } from "../../data/python-libraries.ts";
import { loadingFrameworks } from "../../data/python-names.ts";
import { ownValue } from "../../field.ts";
import type { CodeBudget } from "../budget.ts";
import type { PythonModules } from "./modules.ts";

/** A module of a library that the program imports. */
export interface UsedModule {
  /** `requests.auth` */
  readonly module: string;
  /** Its file; undefined if it is not read. */
  readonly path: string | undefined;
  /** The file that imports it, and the line: `app.py:3`. */
  readonly where: string;
}

/** What decides whether libraries call AWS, beside what the program imports. */
export interface Surroundings {
  /** The content of the program's files. */
  readonly texts: readonly string[];
  /** The environment variables of the function. */
  readonly variables: Readonly<Record<string, string>>;
  readonly modules: PythonModules;
}

/** Environment variables that decide whether a library calls AWS. */
export const libraryVariables: readonly string[] = Object.values(callingLibraries).flatMap((it) =>
  it.kind === "variables" ? it.names : [],
);

/**
 * Why the program's libraries may call AWS, as ends of `its code …`: by the table, and else if a file of them that is reached
 * through imports creates clients or signs requests.
 */
export function gapsOfLibraries(
  used: readonly UsedModule[],
  { texts, variables, modules }: Surroundings,
  budget: CodeBudget,
): string[] {
  const gaps = new Map<string, string>();
  const isCalling = (name: string, by: "program" | "library"): boolean => {
    const calling = ownValue(callingLibraries, name);
    switch (calling?.kind) {
      case "imported":
      case "installed":
        return true;
      case "variables":
        return calling.names.some((it) => ownValue(variables, it) !== undefined);
      case "mentions":
        return (
          by === "program" && calling.texts.some((it) => texts.some((text) => mentions(text, it)))
        );
      case undefined:
        return false;
    }
  };
  for (const { module, path, where } of used) {
    const known = prefixIn(module, Object.keys(callingLibraries));
    const loader = prefixIn(module, loadingFrameworks);
    if (known !== undefined && isCalling(known, "program")) {
      gaps.set(
        known,
        path === undefined
          ? `uses ${known} (${where}), which calls AWS itself`
          : `includes ${known} (${path}), which calls AWS itself`,
      );
    } else if (loader !== undefined) {
      gaps.set(loader, `uses ${loader} (${where}), which loads modules by their names`);
    }
  }
  const include = (name: string, path: string) => {
    if (!gaps.has(name)) gaps.set(name, `includes ${name} (${path}), which calls AWS itself`);
  };
  for (const [name, { kind }] of Object.entries(callingLibraries)) {
    const found =
      kind === "installed" ? modules.resolve({ module: name, level: 0, from: "" }) : undefined;
    if (found?.kind === "library" && found.path !== undefined) include(name, found.path);
  }
  const paths = used.flatMap(({ path }) => path ?? []);
  for (const { path, module, text } of reachedFiles(paths, modules, budget)) {
    const known = prefixIn(module, Object.keys(callingLibraries));
    if (known === undefined ? callsAws(text) : isCalling(known, "library")) {
      include(known ?? module.replace(/\..*/s, ""), path);
    }
  }
  return [...gaps.values()];
}

/** True if code has a word that begins like this, e.g. `AnthropicBedrock`. */
function mentions(code: string, start: string): boolean {
  return new RegExp(`(?<!\\w)${start}`).test(code);
}

/** The longest of the names that is the module's, or that of a package that it is in. */
function prefixIn(module: string, names: readonly string[]): string | undefined {
  for (let name = module; ; name = name.slice(0, name.lastIndexOf("."))) {
    if (names.includes(name)) return name;
    if (!name.includes(".")) return undefined;
  }
}

interface LibraryFile {
  readonly path: string;
  readonly module: string;
  readonly text: string;
}

/** The files of libraries that are reached through imports, but not through libraries that call nothing. */
function* reachedFiles(
  paths: readonly string[],
  modules: PythonModules,
  budget: CodeBudget,
): Iterable<LibraryFile> {
  const open = [...paths];
  const reached = new Set<string>();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const module = moduleOf(path);
    const text = reached.has(path) ? undefined : modules.textOf(path);
    reached.add(path);
    budget.countSteps();
    if (text === undefined || prefixIn(module, quietLibraries) !== undefined) continue;
    yield { path, module, text };
    open.push(...modules.packagesOf(path));
    for (const { module: name, level, members } of importsInText(text)) {
      budget.countSteps(1 + members.length);
      const imported = { module: name, level, from: path };
      const found = [
        modules.resolve(imported),
        ...members.map((member) => modules.resolveMember(imported, member)),
      ];
      for (const it of found) {
        if (it?.kind === "library" && it.path !== undefined) open.push(it.path);
      }
    }
  }
}

/** The module in a file of a library. */
function moduleOf(path: string): string {
  return path
    .replace(/^\/opt\/python\/(lib\/python3\.\d+\/site-packages\/)?/, "")
    .replace(/^.*\/(site|dist)-packages\//, "")
    .replace(/(\/__init__)?\.py$/, "")
    .replaceAll("/", ".");
}

/**
 * True for a library's text that creates clients of the SDK, or signs requests.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function callsAws(text: string): boolean {
  if (/AWS4-HMAC-SHA256|aws4_request|\bSigV4\w*Auth\b|\bAWS4Auth\b/.test(text)) return true;
  return (
    /\b(aio)?boto(3|core)\b/.test(text) &&
    (/\b(client|resource|create_client|create_resource|Session|get_session)\s*\(/.test(text) ||
      /^[ \t]*from[ \t]+(aio)?boto(3|core)[\w.]*[ \t]+import\b.*\b(client|resource|Session|get_session)\b/m.test(
        text,
      ))
  );
}

interface TextImport {
  readonly module: string;
  readonly level: number;
  readonly members: readonly string[];
}

/** The imports in source code, without parsing it: also those in comments and strings. */
export function importsInText(text: string): TextImport[] {
  const found: TextImport[] = [];
  const statement =
    /^[ \t]*(?:from[ \t]*(?:(\.+)[ \t]*)?(?:(\w[\w.]*)[ \t]+)?import\b[ \t]*(?:\(([^)]*)|([^\n\\;]*(?:\\\r?\n[^\n\\;]*)*))|import[ \t]+([\w., \t]+))/gm;
  for (const [, dots = "", module = "", inside, after, names] of text.matchAll(statement)) {
    if (names !== undefined) {
      for (const it of namesIn(names)) found.push({ module: it, level: 0, members: [] });
    } else {
      const members = namesIn(inside ?? after ?? "").filter((it) => /^\w+$/.test(it));
      found.push({ module, level: dots.length, members });
    }
  }
  return found;
}

/** `a, b.c` of `a as x, b.c  # comment`. */
function namesIn(list: string): string[] {
  return list
    .replaceAll(/#.*|\\\r?\n/g, " ")
    .split(",")
    .flatMap((it) => /^\s*([\w.]+)/.exec(it)?.[1] ?? []);
}
