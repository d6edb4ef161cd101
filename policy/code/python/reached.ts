import { posix } from "node:path";
import { ownValue } from "../../field.ts";
import type { CodeBudget } from "../budget.ts";
import type { PackageCode } from "../language.ts";
import { type Handler, handlersOf, startScript } from "./handler.ts";
import { type FileImports, type Import, importsIn } from "./imports.ts";
import { gapsOfLibraries, importsInText, type UsedModule } from "./libraries.ts";
import { type ImportedModule, PythonModules } from "./modules.ts";
import { type ParsedFile, parsePython } from "./parser.ts";

/** A file of the program that the handler reaches. */
export interface ReachedFile {
  readonly path: string;
  readonly text: string;
  readonly tree: ParsedFile;
}

/** The code of a Python function. */
export interface ReachedCode {
  /** Sorted by path. */
  readonly files: readonly ReachedFile[];
  readonly modules: PythonModules;
  /**
   * The path of the handler's module, and the name in it: `handler`. Undefined if it is not found: then `files` has all
   * of the program, of which parts may be another function's.
   */
  readonly entry: { readonly path: string; readonly name: string } | undefined;
  /** Why further code may run, or code that calls AWS is not read, as ends of `its code …`. */
  readonly gaps: readonly string[];
}

/**
 * The program's files that the handler reaches through imports. Throws a LimitError over a limit, and an UnpackError for a
 * file that cannot be unpacked.
 */
export async function reachedCode(code: PackageCode, budget: CodeBudget): Promise<ReachedCode> {
  const modules = new PythonModules(code);
  const { own, wrapper } = handlersOf(code);
  const entry = own && entryIn(own, modules);
  const reader = new Reader(modules, code.variables ?? {}, budget);
  if (wrapper) reader.useWrapper(wrapper);
  if (!entry) reader.gaps.add(reasonWithoutEntry(code.handler));
  if (ownValue(code.variables ?? {}, startScript) !== undefined) {
    reader.gaps.add(`is started by a script (${startScript}), which is not read`);
  }
  await reader.read(entry ? [entry.path] : modules.programFiles());
  return { files: reader.filesByPath(), modules, entry, gaps: reader.allGaps() };
}

function entryIn({ module, name }: Handler, modules: PythonModules) {
  const found = modules.resolve({ module, level: 0, from: "" });
  return found.kind === "file" ? { path: found.path, name } : undefined;
}

function reasonWithoutEntry(handler: string | undefined): string {
  return handler === undefined
    ? "is read as a whole, since its handler is not known"
    : `is read as a whole, since the module of its handler ${handler} is not in its package`;
}

class Reader {
  readonly gaps = new Set<string>();
  private readonly modules: PythonModules;
  private readonly variables: Readonly<Record<string, string>>;
  private readonly budget: CodeBudget;
  private readonly files = new Map<string, ReachedFile>();
  private readonly used: UsedModule[] = [];
  private open: string[] = [];

  constructor(
    modules: PythonModules,
    variables: Readonly<Record<string, string>>,
    budget: CodeBudget,
  ) {
    this.modules = modules;
    this.variables = variables;
    this.budget = budget;
  }

  useWrapper({ module, name }: Handler): void {
    const found = this.modules.resolve({ module, level: 0, from: "" });
    if (found.kind !== "library") return;
    this.used.push({ ...found, where: `${module}.${name}` });
  }

  async read(paths: readonly string[]): Promise<void> {
    this.open = [...paths];
    for (let path = this.open.pop(); path !== undefined; path = this.open.pop()) {
      const text = this.modules.textOf(path);
      if (text === undefined || this.files.has(path)) continue;
      const encoding = encodingOf(text);
      if (encoding !== undefined) {
        this.gaps.add(`has a file with the encoding ${encoding} (${path}), which is not read`);
      }
      const tree = await parsePython(text, this.budget);
      this.files.set(path, { path, text, tree });
      this.open.push(...this.modules.packagesOf(path));
      this.follow(path, importsOf(tree, text));
    }
  }

  filesByPath(): ReachedFile[] {
    return [...this.files.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  allGaps(): string[] {
    const { used, variables, modules } = this;
    const texts = [...this.files.values()].map(({ text }) => text);
    const ofLibraries = gapsOfLibraries(used, { texts, variables, modules }, this.budget);
    const ofLayers = modules.extensions.map((it) => `has an extension (${it}), which is not read`);
    return [...this.gaps, ...ofLibraries, ...ofLayers];
  }

  private follow(path: string, { imports, dynamic }: FileImports): void {
    for (const { kind, line } of dynamic) {
      this.gaps.add(
        kind === "string"
          ? `runs a string as code (${path}:${line})`
          : `loads a module by a computed name (${path}:${line})`,
      );
    }
    for (const it of imports) {
      this.budget.countSteps(1 + it.members.length);
      const name = { module: it.module, level: it.level, from: path };
      const where = `${path}:${it.line}`;
      const module = this.modules.resolve(name);
      this.reach(module, it, where);
      for (const member of it.members) {
        const found = this.modules.resolveMember(name, member);
        if (found) this.reach(found, it, where);
        else if (module.kind === "folder" && member !== "*") {
          // A folder has no names but those of its modules.
          const missing = `${module.path.replaceAll("/", ".")}${member}`;
          this.reach({ kind: "missing", module: missing }, it, where);
        }
      }
    }
  }

  private reach(found: ImportedModule, { members, isOptional }: Import, where: string): void {
    switch (found.kind) {
      case "file":
        this.open.push(found.path);
        if (members.includes("*") && found.path.endsWith("/__init__.py")) {
          this.open.push(...this.modules.modulesIn(posix.join(posix.dirname(found.path), "/")));
        }
        break;
      case "folder":
        if (members.includes("*")) this.open.push(...this.modules.modulesIn(found.path));
        break;
      case "library":
        this.used.push({ module: found.module, path: found.path, where });
        break;
      case "compiled":
        this.gaps.add(`uses ${found.path} (${where}), which is compiled and is not read`);
        break;
      case "missing":
        if (!isOptional) {
          this.gaps.add(`imports ${found.module} (${where}), which is not in its package`);
        }
        break;
    }
  }
}

/** The parser leaves out what it does not understand, so the text of such a file is searched, too. */
function importsOf(tree: ParsedFile, text: string): FileImports {
  const found = importsIn(tree);
  if (tree.errorLine === undefined) return found;
  const line = tree.errorLine;
  const inText = importsInText(text).map((it) => ({ ...it, line, isOptional: true }));
  return { ...found, imports: [...found.imports, ...inText] };
}

/**
 * The encoding that a file declares, if its text is not read in it; undefined for UTF-8 and what is equal in code.
 * https://peps.python.org/pep-0263/
 */
function encodingOf(text: string): string | undefined {
  const declared = /^(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)/.exec(text)?.[1];
  const isRead =
    /^(utf[-_]?8(-sig)?|ascii|us-ascii|latin[-_]?1|iso[-_]?8859[-_]\d+|cp1252|windows-1252)$/i;
  return declared !== undefined && !isRead.test(declared) ? declared : undefined;
}
