// Prints the number of files and bytes of the zip of a callback function with this handler, in the project
// of the working folder. CommonJS, because functions serialize differently under another loader.
const { readdirSync, readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");
const root = join(__dirname, "..");
require(join(root, "node_modules", "ts-node")).register({ transpileOnly: true, cwd: root });
const { runtime } = require(join(root, "node_modules", "@pulumi", "pulumi"));
const { zipSync } = require(join(root, "node_modules", "fflate"));
const { createHandler } = require(join(root, "handler", "index.ts"));
const { optionsFromEnvironment } = require(join(root, "handler", "environment.ts"));

async function main() {
  const factory = () => createHandler(optionsFromEnvironment(process.env));
  const { text } = await runtime.serializeFunction(factory, { isFactoryFunction: true });
  const files = { "__index.js": Buffer.from(text) };
  for (const [name, asset] of await runtime.computeCodePaths()) {
    addAll(files, name, (await (await asset).path) ?? name);
  }
  console.log(
    JSON.stringify({ files: Object.keys(files).length, bytes: zipSync(files).byteLength }),
  );
}

function addAll(files, name, path) {
  if (statSync(path).isDirectory()) {
    for (const entry of readdirSync(path)) addAll(files, `${name}/${entry}`, join(path, entry));
  } else {
    files[name] = readFileSync(path);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
