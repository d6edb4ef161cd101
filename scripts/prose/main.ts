// `npm run lint:prose [-- FOLDER…]`: finds words that this project does not use (terms.ts) in Markdown, in
// comments and strings of the sources, and in the names that they declare. Exits with 1 if there are any.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkFile } from "./check.ts";

const root = join(import.meta.dirname, "..", "..");

/** Files that people read, and that are written here: no generated ones, no data, no code made to be read by the pack. */
function filesIn(folders: readonly string[]): string[] {
  const options = ["--cached", "--others", "--exclude-standard", "--deduplicate", "-z", "--"];
  return execFileSync("git", ["ls-files", ...options, ...folders], { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter(
      (path) =>
        /\.(?:md|[mc]?[jt]s|py|ya?ml|svg|json|sh)$|\/(?:CODEOWNERS|run)$/.test(path) &&
        !isExcluded(path),
    )
    .filter((path) => existsSync(join(root, path)));
}

/** Files of the instance's user data are among them: any change replaces the instance. */
const isExcluded = (path: string) =>
  /^infra\/web-server\/[^/]+\.(?:py|yaml)$|^sdks\/|(?:^|\/)fixtures\/|lock\.json$|^(?:scripts|test\/scripts)\/prose/.test(
    path,
  );

const folders = process.argv.slice(2);
const files = filesIn(folders);
if (files.length === 0) throw new Error(`no file to check in ${folders.join(", ")}`);
let count = 0;
for (const path of files) {
  const findings = await checkFile(path, readFileSync(join(root, path), "utf8"));
  count += findings.length;
  for (const { line, column, text, write } of findings) {
    console.log(`${path}:${line}:${column} "${text}": write ${write}`);
  }
}
console.log(`${count} findings in ${files.length} files`);
process.exit(count === 0 ? 0 : 1);
