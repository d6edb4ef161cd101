// `npm run findings [-- NAME…]`: runs the named programs, or all, and writes what the pack reports of them as the
// expected findings. Review each change: it is what the users of such a program read.
import { writeFileSync } from "node:fs";
import { findingsFile, programNames, run } from "./run.ts";

const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : programNames) {
  writeFileSync(findingsFile(name), `${JSON.stringify(await run(name), undefined, 2)}\n`);
  console.log(name);
}
// Functions that the engine serializes leave timers of the language server behind.
process.exit();
