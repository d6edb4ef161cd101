import { loadProgram } from "../../../../sandbox/engine/program.ts";
import type { CodeLimits } from "../../../code/budget.ts";
import type { PackageCode } from "../../../code/language.ts";
import type { ImportedModule } from "../../../code/python/modules.ts";
import type { ReachedCode } from "../../../code/python/reached.ts";

const { python } = loadProgram<typeof import("../../../code/python/python.ts")>(
  "policy/code/python/python.ts",
);
const { reachedCode } = loadProgram<typeof import("../../../code/python/reached.ts")>(
  "policy/code/python/reached.ts",
);
const { PythonModules } = loadProgram<typeof import("../../../code/python/modules.ts")>(
  "policy/code/python/modules.ts",
);
const { CodeBudget } =
  loadProgram<typeof import("../../../code/budget.ts")>("policy/code/budget.ts");

export const language = python;

/** The content of files by their paths; of files that are only listed it is undefined. */
export type Texts = Readonly<Record<string, string | undefined>>;

/** Further properties of a function's code. */
export type Settings = Partial<Omit<PackageCode, "language" | "files" | "listed">>;

function codeOf(texts: Texts, settings: Settings): PackageCode {
  const all = Object.entries(texts);
  const files = all.flatMap(([path, text]) => (text === undefined ? [] : [{ path, text }]));
  const listed = all.flatMap(([path, text]) => (text === undefined ? [path] : []));
  return { language: python, files, listed, handler: "app.handler", ...settings };
}

/** What the handler of these files reaches, by default `app.handler`. */
export async function reachedIn(
  texts: Texts,
  settings: Settings = {},
  limits: Partial<CodeLimits> = {},
): Promise<Omit<ReachedCode, "files" | "modules"> & { readonly files: readonly string[] }> {
  const { files, entry, gaps } = await reachedCode(codeOf(texts, settings), new CodeBudget(limits));
  return { files: files.map(({ path }) => path), entry, gaps };
}

/** What modules mean in the files. */
export function modulesIn(texts: Texts, settings: Settings = {}) {
  const modules = new PythonModules(codeOf(texts, settings));
  return {
    /** `import module` in a file; dots before it are those of a relative import. */
    resolve(module: string, from = "app.py"): ImportedModule {
      const name = module.replace(/^\.+/, "");
      return modules.resolve({ module: name, level: module.length - name.length, from });
    },
    /** `from module import member`. */
    resolveMember(module: string, member: string, from = "app.py"): ImportedModule | undefined {
      const name = module.replace(/^\.+/, "");
      return modules.resolveMember(
        { module: name, level: module.length - name.length, from },
        member,
      );
    },
  };
}

/** A library as `pip` installs it into a folder: its files, and the list of them. */
export function library(name: string, texts: Texts, folder = ""): Texts {
  const paths = Object.keys(texts);
  const record = paths.map((it) => `${it},sha256=x,1\n`).join("");
  return {
    ...Object.fromEntries(paths.map((it) => [folder + it, texts[it]])),
    [`${folder}${name}-1.0.dist-info/RECORD`]: `${record}${name}-1.0.dist-info/RECORD,,\n`,
  };
}
