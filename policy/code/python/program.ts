import type { CodeBudget } from "../budget.ts";
import type { PythonModules } from "./modules.ts";
import type { ReachedCode } from "./reached.ts";
import { scopesOf } from "./scope-reader.ts";
import type { Scopes } from "./scopes.ts";
import type { PyNode } from "./syntax.ts";
import { unknown, type Value } from "./value.ts";

/** A parsed file of the program. */
export interface ProgramFile {
  readonly path: string;
  readonly root: PyNode;
  readonly scopes: Scopes;
}

/** The program's files that the handler reaches, and what imports in them mean. */
export class Program {
  readonly files: readonly ProgramFile[];
  readonly budget: CodeBudget;
  private readonly byPath: ReadonlyMap<string, ProgramFile>;
  private readonly modules: PythonModules;

  constructor({ files, modules }: ReachedCode, budget: CodeBudget) {
    this.budget = budget;
    this.files = files.map(({ path, tree: { root } }) => ({
      path,
      root,
      scopes: scopesOf(root, path, budget),
    }));
    this.byPath = new Map(this.files.map((it) => [it.path, it]));
    this.modules = modules;
  }

  at(path: string): ProgramFile | undefined {
    return this.byPath.get(path);
  }

  /** What an import names in the file `from`; `level` is the number of dots before it. */
  importedIn(from: string, module: string, level: number): Value {
    const found = this.modules.resolve({ module, level, from });
    switch (found.kind) {
      case "file":
      case "folder":
        return { kind: "module", path: found.path };
      case "compiled":
        return unknown;
      default:
        return { kind: "library", name: found.module };
    }
  }

  /** The module of that name in a package of the program; undefined if there is none. */
  submodule(path: string, name: string): Value | undefined {
    const folder = path.replace(/[^/]*$/, "");
    const found = [`${folder}${name}.py`, `${folder}${name}/__init__.py`].find((it) =>
      this.byPath.has(it),
    );
    const isPackage = path.endsWith("/") || path.endsWith("__init__.py");
    if (found !== undefined && isPackage) return { kind: "module", path: found };
    const hasFiles = isPackage && this.files.some((it) => it.path.startsWith(`${folder}${name}/`));
    return hasFiles ? { kind: "module", path: `${folder}${name}/` } : undefined;
  }
}
