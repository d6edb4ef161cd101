// Runs one test file in its own process: `npm run unit -- FILE`, `npm run e2e -- FILE`. To a parent
// process it sends the count; otherwise it exits with 1 if a test failed.
import { resolve } from "node:path";
import { runMocha } from "./mocha.ts";

const [file, timeoutMs = "600000"] = process.argv.slice(2);
if (!file) throw new Error("a test file is missing: npm run e2e -- test/e2e/mode.spec.ts");
// The parent was interrupted: what this process started ends with it.
process.on("disconnect", () => process.exit(1));
const count = await runMocha([resolve(file)], Number(timeoutMs));
if (process.send) process.send(count, () => process.exit(0));
else process.exit(count.failed === 0 ? 0 : 1);
