// The transpiler that tsconfig.json gives ts-node: TypeScript's own, which keeps its output.
// https://typestrong.org/ts-node/docs/transpilers/#third-party-transpilers
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const ts = require("typescript");
const { isCi } = require("./ci.cjs");
const { rememberStackFrames } = require("./stack-frames.cjs");

const folder = join(__dirname, ".cache", "transpiled");

exports.create = ({ service }) => {
  // A pull request could bring what was "kept" along, and that would run in place of the reviewed code.
  const canKeep = !isCi(process.env);
  const compilerOptions = service.config.options;
  const version = JSON.stringify([ts.version, compilerOptions]);
  rememberStackFrames();
  return {
    transpile(input, { fileName }) {
      const key = createHash("sha256").update(JSON.stringify([version, fileName, input]));
      const file = join(folder, `${key.digest("hex")}.json`);
      const kept = canKeep && read(file);
      if (kept) return kept;
      const options = { fileName, compilerOptions, reportDiagnostics: true };
      const output = ts.transpileModule(input, options);
      if (canKeep && output.diagnostics.length === 0) write(file, output);
      return output;
    },
  };
};

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Whole or not at all: several programs may run at once. If it cannot be kept, it is compiled again. */
function write(file, output) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, JSON.stringify(output));
    renameSync(draft, file);
  } catch {}
}
