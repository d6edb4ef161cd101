import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { refuseOthers } from "./actions.ts";
import type { Action } from "./run-job.ts";

/**
 * The stand-ins for `actions/upload-artifact` and `actions/download-artifact` in one run: an artifact is
 * written once, has no hidden file, and only the run's own jobs can read it. `folder` keeps them.
 */
export function artifactActions(folder: string): Readonly<Record<string, Action>> {
  return {
    "actions/upload-artifact": async ({ inputs, place }) => {
      refuseOthers(inputs, [
        "name",
        "path",
        "if-no-files-found",
        "retention-days",
        "compression-level",
      ]);
      const { name = "artifact", "if-no-files-found": whenMissing = "warn" } = inputs;
      const target = join(folder, name);
      if (existsSync(target)) throw new Error(`an artifact with the name ${name} already exists`);
      const source = place(inputs.path ?? "");
      const files = existsSync(source) ? filesIn(source) : [];
      if (files.length === 0 && whenMissing === "error") throw new Error(`no files in ${source}`);
      if (files.length === 0) return {};
      for (const file of files) copy(join(source, file), join(target, file || basename(source)));
      return {};
    },
    "actions/download-artifact": async ({ inputs, place }) => {
      refuseOthers(inputs, ["name", "path"]);
      const { name = "" } = inputs;
      const source = join(folder, name);
      if (name === "" || !existsSync(source)) throw new Error(`no artifact has the name ${name}`);
      const target = place(inputs.path ?? "");
      for (const file of filesIn(source)) copy(join(source, file), join(target, file));
      return {};
    },
  };
}

/** The files below a folder that are not hidden, by path; for a file one empty path. Links are followed. */
function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [""];
  return readdirSync(path)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) => filesIn(join(path, name)).map((it) => join(name, it)));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
