// Pulumi.yaml has Node.js load this first, in the process of the program: what V8 made of each
// module is kept for the next run. Node.js goes on without where the folder cannot be written.
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

// Beside the packages, since who may write there may run code here anyway; not so in a shared /tmp.
enableCompileCache(join(__dirname, "..", "node_modules", ".cache", "node"));
