import { posix } from "node:path";
import { runtimeModules } from "../../data/python-libraries.ts";
import { sdkSubmodules } from "../../data/python-names.ts";
import { standardModules } from "../../data/python-standard-modules.ts";
import { addTo } from "../../groups.ts";
import type { PackageCode, SourceFile } from "../language.ts";
import { handlersOf } from "./handler.ts";
import { isLibrary, libraryFilesIn } from "./library-files.ts";
import { isExtension } from "./package-files.ts";
import { isSdkModule } from "./sdk.ts";

/** What an import in a file means. */
export type ImportedModule =
  /** A file of the program: `app/util.py`, `app/util/__init__.py`, `/opt/python/shared.py`. */
  | { readonly kind: "file"; readonly path: string }
  /** A folder without `__init__.py` (a namespace package); its path ends with a slash. */
  | { readonly kind: "folder"; readonly path: string }
  /** A module of a library, e.g. `requests.auth`. `library` is its first part; `path` is undefined if its file is not read. */
  | {
      readonly kind: "library";
      readonly library: string;
      readonly module: string;
      readonly path: string | undefined;
    }
  /** A module of the SDK, e.g. `boto3.session` or `aioboto3`. */
  | { readonly kind: "sdk"; readonly module: string }
  /** A module of the standard library or of Lambda's runtime. */
  | { readonly kind: "provided"; readonly module: string }
  /** A module of the program without a source file, e.g. `app/fast.so`. */
  | { readonly kind: "compiled"; readonly path: string }
  | { readonly kind: "missing"; readonly module: string };

/** An import as it is written. */
export interface ImportName {
  /** `a.b` of `import a.b` and of `from ..a.b import c`; empty for `from . import c`. */
  readonly module: string;
  /** The dots before it: 2 of `from ..a import c`. */
  readonly level: number;
  /** The path of the file that imports it. */
  readonly from: string;
}

type Found = { readonly kind: "file" | "folder" | "compiled"; readonly path: string };

/**
 * What modules mean in the files of a package: the first that is found in the function's folder, in its layers, or in a
 * folder with libraries that the program may add to `sys.path`. A program's file that is in none of them is found if no
 * other's path ends with the module's name.
 * https://docs.aws.amazon.com/lambda/latest/dg/python-package.html (the search path)
 */
export class PythonModules {
  private readonly files: ReadonlyMap<string, SourceFile>;
  /** Modules without a source file, by their path without the ending. */
  private readonly compiled = new Map<string, string>();
  /** Each with a slash at the end. */
  private readonly folders: ReadonlySet<string>;
  private readonly searchPath: readonly string[];
  private readonly layerModules: ReadonlySet<string>;
  private readonly libraryFiles: ReadonlySet<string>;
  /** The program's files by their names without folders: `util.py`. */
  private readonly byName = new Map<string, string[]>();
  private readonly resolved = new Map<string, Found | undefined>();

  /** Programs of layers that run beside the function, with its role. */
  readonly extensions: readonly string[];

  constructor(code: PackageCode) {
    const { files, listed = [], layerModules = [] } = code;
    this.layerModules = new Set(layerModules);
    this.files = new Map(files.map((it) => [it.path, it]));
    this.extensions = listed.filter(isExtension);
    for (const path of listed) {
      if (!/\.(so|pyd|pyc)$/.test(path)) continue;
      const name = posix.basename(path);
      this.compiled.set(posix.join(posix.dirname(path), name.replace(/\..*$/, "")), path);
    }
    const paths = [...this.files.keys(), ...this.compiled.values()];
    this.folders = new Set(paths.flatMap(foldersOf));
    this.searchPath = searchPathIn(this.folders);
    const { own } = handlersOf(code);
    this.libraryFiles = libraryFilesIn(code, own && this.find(own.module)?.path);
    for (const path of this.files.keys()) {
      if (!this.isLibrary(path)) addTo(this.byName, posix.basename(path), path);
    }
  }

  /** The text of a file. Throws an UnpackError. */
  textOf(path: string): string | undefined {
    return this.files.get(path)?.text;
  }

  /** The program's source files. */
  programFiles(): string[] {
    return [...this.files.keys()].filter((it) => it.endsWith(".py") && !this.isLibrary(it));
  }

  /** True for a file of a library, and false for one of the program. */
  isLibrary(path: string): boolean {
    return isLibrary(path, this.libraryFiles);
  }

  /** The module that an import names. */
  resolve({ module, level, from }: ImportName): ImportedModule {
    if (level > 0) {
      const found = this.findRelative(module, level, from);
      return found
        ? this.described(module, found)
        : { kind: "missing", module: ".".repeat(level) + module };
    }
    const found = this.findOrGuess(module);
    const elsewhere = this.elsewhere(module);
    // A folder without __init__.py is the last that Python considers.
    return found && (found.kind !== "folder" || !elsewhere)
      ? this.described(module, found)
      : (elsewhere ?? { kind: "missing", module });
  }

  /** A module that is not in the package. */
  private elsewhere(module: string): ImportedModule | undefined {
    if (isSdkModule(module)) return { kind: "sdk", module };
    const [library = ""] = module.split(".");
    if (this.layerModules.has(library)) {
      return { kind: "library", library, module, path: undefined };
    }
    const isProvided = standardModules.includes(library) || runtimeModules.includes(library);
    return isProvided ? { kind: "provided", module } : undefined;
  }

  /** The submodule `member` of `from module import member`; undefined if it is a name in the module. */
  resolveMember({ module, level, from }: ImportName, member: string): ImportedModule | undefined {
    const name = module === "" ? member : `${module}.${member}`;
    const found = level > 0 ? this.findRelative(name, level, from) : this.findOrGuess(name);
    if (found) return this.described(name, found);
    const isModuleOfSdk = level === 0 && sdkSubmodules.includes(name);
    return isModuleOfSdk ? { kind: "sdk", module: name } : undefined;
  }

  /** The `__init__.py` of each folder that a module is in: Python runs them before it. */
  packagesOf(path: string): string[] {
    const found: string[] = [];
    for (const folder of foldersOf(path)) {
      const init = `${folder}__init__.py`;
      if (init !== path && this.files.has(init)) found.push(init);
    }
    return found;
  }

  /** The program's modules in a folder, whose path ends with a slash, without those of its folders. */
  modulesIn(folder: string): string[] {
    return this.programFiles().filter((it) => posix.join(posix.dirname(it), "/") === folder);
  }

  private described(module: string, found: Found): ImportedModule {
    const path = found.path;
    const isOfLibrary = found.kind === "folder" ? this.isLibraryFolder(path) : this.isLibrary(path);
    if (!isOfLibrary) return found;
    const [library = module] = module.split(".").filter((it) => it !== "");
    return { kind: "library", library, module, path };
  }

  private isLibraryFolder(folder: string): boolean {
    return ![...this.files.keys(), ...this.compiled.values()].some(
      (it) => it.startsWith(folder) && !this.isLibrary(it),
    );
  }

  /** The module that a relative import means; none above the top folder. */
  private findRelative(module: string, level: number, from: string): Found | undefined {
    let folder = posix.dirname(from);
    for (let above = 1; above < level; above++) {
      if (folder === "." || folder === "/") return undefined;
      folder = posix.dirname(folder);
    }
    return this.at(posix.join(folder, module.replaceAll(".", "/")).replace(/\/$/, ""));
  }

  private findOrGuess(module: string): Found | undefined {
    if (!this.resolved.has(module)) {
      this.resolved.set(module, this.find(module) ?? this.guess(module));
    }
    return this.resolved.get(module);
  }

  private find(module: string): Found | undefined {
    const path = module.replaceAll(".", "/");
    let folder: Found | undefined;
    for (const start of this.searchPath) {
      const found = this.at(start + path);
      if (found && found.kind !== "folder") return found;
      folder ??= found;
    }
    return folder;
  }

  /** The only file of the program whose path ends with the module's name: its folder may be added to `sys.path`. */
  private guess(module: string): Found | undefined {
    if (this.elsewhere(module)) return undefined;
    const path = module.replaceAll(".", "/");
    const named = (suffix: string) =>
      (this.byName.get(posix.basename(suffix)) ?? []).filter((it) => it.endsWith(`/${suffix}`));
    const [found, ...others] = [`${path}.py`, `${path}/__init__.py`].flatMap(named);
    return found !== undefined && others.length === 0 ? { kind: "file", path: found } : undefined;
  }

  /** The module at a path without an ending, in the order in which Python searches a folder. */
  private at(path: string): Found | undefined {
    const compiled = this.compiled.get(path);
    const file = (name: string): Found | undefined =>
      this.files.has(name) ? { kind: "file", path: name } : undefined;
    const native = (name: string | undefined): Found | undefined =>
      name === undefined ? undefined : { kind: "compiled", path: name };
    const isExtension = compiled !== undefined && !compiled.endsWith(".pyc");
    const folder = path === "." ? "" : `${path}/`;
    return (
      file(`${path}/__init__.py`) ??
      native(this.compiled.get(`${path}/__init__`)) ??
      (isExtension ? native(compiled) : undefined) ??
      file(`${path}.py`) ??
      native(compiled) ??
      (folder === "" || this.folders.has(folder) ? { kind: "folder", path: folder } : undefined)
    );
  }
}

/** The folders that a file is in, each with a slash at the end. */
function foldersOf(path: string): string[] {
  const found: string[] = [];
  for (let at = path.indexOf("/", 1); at >= 0; at = path.indexOf("/", at + 1)) {
    found.push(path.slice(0, at + 1));
  }
  return found;
}

/** Lambda's folders in its order, and then those into which libraries were installed. */
function searchPathIn(folders: ReadonlySet<string>): string[] {
  const all = [...folders];
  const ofLayers = all.filter((it) =>
    /^\/opt\/python\/lib\/python3\.\d+\/site-packages\/$/.test(it),
  );
  const withLibraries = all
    .filter((it) => it.endsWith(".dist-info/"))
    .map((it) => it.replace(/[^/]+\/$/, ""));
  return [...new Set(["", ...ofLayers, "/opt/python/", ...withLibraries])];
}
