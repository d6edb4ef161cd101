import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { isCi } from "./ci.ts";

// What V8 makes of each module from here on is kept for the next run, beside the compiled pack.
// Node.js goes on without where the folder cannot be written. Not in a pipeline: a pull request could
// bring a cache along, and that would run in place of the reviewed code.
if (!isCi(process.env)) enableCompileCache(join(__dirname, ".cache"));
