import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./root.mjs";

/**
 * Runs `install`, unless the file `marker` says that it already succeeded with this `content` in a checkout at
 * this path: what was installed may contain that path.
 */
export async function onceFor(marker, content, install) {
  const fingerprint = createHash("sha256").update(`${root}\0`).update(content).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === fingerprint) return;
  await install();
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, fingerprint);
}

/** Names and contents of all files of a folder, except below folders that have one of these names. */
export function folderContent(folder, exceptFolders) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !exceptFolders.includes(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory()
        ? folderContent(path, exceptFolders)
        : `${path}\n${readFileSync(path, "utf8")}`;
    })
    .join("\n");
}
