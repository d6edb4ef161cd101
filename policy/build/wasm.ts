import { readFileSync } from "node:fs";
import { join } from "node:path";

// Replaces policy/code/python/wasm.ts in the built pack, which reads its files at start, before the program can change them.
export const treeSitter = readFileSync(join(__dirname, "web-tree-sitter.wasm"));
export const pythonGrammar = readFileSync(join(__dirname, "tree-sitter-python.wasm"));
