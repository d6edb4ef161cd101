// Pulumi.yaml has Node.js load this first, in the process of the program: what V8 made of each
// module is kept for the next run. Node.js goes on without where the folder cannot be written.
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

// Beside the code, since who may write here may run code here anyway; not so in a shared /tmp. And not in
// node_modules: npm reads all packages anew once that folder is newer than its list of them.
enableCompileCache(join(__dirname, ".cache", "node"));
