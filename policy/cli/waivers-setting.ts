import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Fields, isFields } from "../field.ts";
import { projectFileOf } from "../source/files.ts";
import { rulesIn } from "./configuration.ts";
import type { Terminal } from "./terminal.ts";

/**
 * The folder at which relative paths of the pack's configuration start: POLICY_FOLDER, or else the program's, or the pack's if
 * that is a folder.
 */
export function startOfPaths(pack: string, { folder, environment }: Terminal): string {
  if (environment.POLICY_FOLDER) return resolve(folder, environment.POLICY_FOLDER);
  if (statSync(pack).isDirectory()) return pack;
  const project = projectFileOf(folder);
  const text = existsSync(project) ? readFileSync(project, "utf8") : "";
  // In YAML or JSON. The engine starts the pack where it starts the program: `getPwdMain` in its engine/project.go.
  const main = /^(?:main|\s*"main")\s*:\s*["']?([^"'#\r\n]+)/m.exec(text)?.[1]?.trim() ?? ".";
  const path = resolve(dirname(project), main);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
}

/** The absolute path of the waivers file that a configuration names. */
export function configuredWaivers(file: Fields, start: string): string | undefined {
  const { waivers } = rulesIn(file);
  return isFields(waivers) && waivers.file !== undefined
    ? resolve(start, String(waivers.file))
    : undefined;
}

/** The configuration of a preview in which nothing is waived. */
export function withoutWaivers(file: Fields): Fields {
  const without = ({ waivers, ...others }: Fields): Fields => {
    if (!isFields(waivers)) return waivers === undefined ? others : { ...others, waivers };
    const { file: _, ...rest } = waivers;
    return Object.keys(rest).length > 0 ? { ...others, waivers: rest } : others;
  };
  return typeof file.version === "number"
    ? { ...file, policies: without(rulesIn(file)) }
    : without(file);
}
