// Pulumi.yaml has Node.js load this first, in the process of the program: what V8 made of each
// module is kept for the next run. Node.js goes on without where the folder cannot be written.
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");
const { isCi } = require("./ci.cjs");

// Beside the code, since who may write here may run code here anyway; not so in a shared /tmp. And not in
// node_modules: npm reads all packages again once that folder is newer than its list of them. Not in a
// pipeline either: a pull request could bring a cache along, and that would run in place of the reviewed code.
if (!isCi(process.env)) enableCompileCache(join(__dirname, ".cache", "node"));
