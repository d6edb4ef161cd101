import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** A file of the program. */
export interface SourceFile {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A program has far fewer. With more, no resource is located. */
const mostFiles = 2_000;
const mostBytes = 8 * 1024 * 1024;
const longestFile = 1024 * 1024;

const projectFiles = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json", "sst.config.ts"];

/**
 * The absolute path of the project's file, in the nearest folder at or above `start` that has one, as the CLI finds it; in
 * `start` if none has. Without links, as all paths here.
 */
export function projectFileOf(start: string): string {
  const real = existsSync(start) ? realpathSync(start) : start;
  const folder = nearestAbove(real, hasProject) ?? real;
  return join(folder, projectFiles.find((it) => existsSync(join(folder, it))) ?? "Pulumi.yaml");
}

function hasProject(folder: string): boolean {
  return projectFiles.some((it) => existsSync(join(folder, it)));
}

/**
 * The path of a file for a viewer of SARIF files, such as GitHub's: relative to the repository, with slashes; to
 * the project's folder if that is in no repository.
 */
export function pathInRepository(file: string, project: string): string {
  const root = nearestAbove(project, (folder) => existsSync(join(folder, ".git"))) ?? project;
  return relative(root, file).split(sep).join("/");
}

/**
 * The JavaScript and TypeScript files of a project, without its packages, hidden folders, links, and other projects in it.
 * Undefined if they are too many or cannot be read.
 */
export function sourceFilesOf(project: string): readonly SourceFile[] | undefined {
  const found: SourceFile[] = [];
  let bytes = 0;
  const addFrom = (folder: string): boolean => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const { name } = entry;
      const path = join(folder, name);
      if (entry.isDirectory()) {
        if (isOfProgram(path, name) && !addFrom(path)) return false;
      } else if (entry.isFile() && /(?<!\.d)\.[cm]?[jt]s$/.test(name)) {
        const { size } = statSync(path);
        bytes += size;
        if (size > longestFile || bytes > mostBytes || found.length === mostFiles) return false;
        found.push({ path: pathInRepository(path, project), text: readFileSync(path, "utf8") });
      }
    }
    return true;
  };
  try {
    return addFrom(project) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isOfProgram(folder: string, name: string): boolean {
  if (name === "node_modules" || name.startsWith(".")) return false;
  return !hasProject(folder) && !existsSync(join(folder, "PulumiPolicy.yaml"));
}

function nearestAbove(start: string, isIt: (folder: string) => boolean): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isIt(folder)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
