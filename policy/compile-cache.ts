import { enableCompileCache } from "node:module";
import { join } from "node:path";

// What V8 makes of each module from here on is kept for the next run, beside the compiled pack.
// Node.js goes on without where the folder cannot be written.
enableCompileCache(join(__dirname, ".cache"));
