// Loaded into the emulator's function workers: the program's function sees the sandbox's clock (clock.ts).
// Only its own file does: the AWS SDK must sign with this machine's time, and the worker measures time
// limits by it.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { basename } = require("node:path");

const file = process.env.SANDBOX_CLOCK;
if (file) {
  const now = () => Date.now() + Number(readFileSync(file, "utf8"));
  globalThis.SandboxDate = class extends Date {
    constructor(...values) {
      super(...(values.length === 0 ? [now()] : values));
    }

    static now() {
      return now();
    }
  };
  const { _compile } = Module.prototype;
  Module.prototype._compile = function (content, path, ...others) {
    // Pulumi packs a callback function into this one file.
    const isFunction = basename(path) === "__index.js";
    const source = isFunction ? `const Date = globalThis.SandboxDate; ${content}` : content;
    return _compile.call(this, source, path, ...others);
  };
}
