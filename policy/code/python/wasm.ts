import { readFileSync } from "node:fs";

/** The parser, and Python's grammar for it, as WebAssembly. The built pack has them in its own folder. */
export const treeSitter = readFileSync(require.resolve("web-tree-sitter/web-tree-sitter.wasm"));
export const pythonGrammar = readFileSync(
  require.resolve("tree-sitter-python/tree-sitter-python.wasm"),
);
