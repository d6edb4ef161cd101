import { Language, Parser, type Tree, type TreeCursor } from "web-tree-sitter";
import type { CodeBudget } from "../budget.ts";
import type { PyNode } from "./syntax.ts";
import { pythonGrammar, treeSitter } from "./wasm.ts";

/** A parsed file. */
export interface ParsedFile {
  readonly root: PyNode;
  /** The line of the first part that the parser did not understand; undefined if there is none. */
  readonly errorLine: number | undefined;
}

let parser: Promise<Parser> | undefined;

async function openParser(): Promise<Parser> {
  await Parser.init({ wasmBinary: treeSitter });
  const opened = new Parser();
  opened.setLanguage(await Language.load(pythonGrammar));
  return opened;
}

/** Parses a file, also one with errors. Throws a LimitError if the tree has more nodes than the limit. */
export async function parsePython(text: string, budget: CodeBudget): Promise<ParsedFile> {
  parser ??= openParser();
  // Python accepts each as the end of a line, and the grammar only the last.
  const lines = text.replaceAll(/\r\n?/g, "\n");
  const tree = (await parser).parse(lines);
  if (!tree) throw new Error("tree-sitter returned no tree");
  try {
    return read(tree, lines, budget);
  } finally {
    tree.delete();
  }
}

/** What is no Python 3: the parser also understands Python 2. */
const errors: readonly string[] = ["ERROR", "exec_statement", "print_statement"];

/** Copies the tree: each access to a node of tree-sitter is a call into WebAssembly. */
function read(tree: Tree, text: string, budget: CodeBudget): ParsedFile {
  const cursor = tree.walk();
  const root: PyNode[] = [];
  const open: PyNode[][] = [root];
  let errorLine: number | undefined;
  for (let isDone = false; !isDone; ) {
    budget.countNode();
    const type = cursor.nodeType;
    if (errors.includes(type) || cursor.nodeIsMissing) errorLine ??= cursor.startPosition.row + 1;
    const children: PyNode[] = [];
    const hasParts = cursor.nodeIsNamed || cursor.currentFieldName !== null;
    if (hasParts && type !== "comment") {
      const node = nodeAt(cursor, text, children);
      open.at(-1)?.push(node);
      if (cursor.gotoFirstChild()) {
        open.push(children);
        continue;
      }
    }
    while (!cursor.gotoNextSibling()) {
      isDone = !cursor.gotoParent();
      if (isDone) break;
      open.pop();
    }
  }
  cursor.delete();
  const [module] = root;
  if (!module) throw new Error("tree-sitter returned an empty tree");
  return { root: module, errorLine };
}

function nodeAt(cursor: TreeCursor, text: string, children: readonly PyNode[]): PyNode {
  const { nodeType: type, startIndex, endIndex, startPosition, currentFieldName } = cursor;
  const own = text.slice(startIndex, endIndex);
  return {
    type,
    field: currentFieldName ?? undefined,
    // Python compares names in this form: https://docs.python.org/3/reference/lexical_analysis.html#identifiers
    text: type === "identifier" ? own.normalize("NFKC") : own,
    line: startPosition.row + 1,
    children,
  };
}
