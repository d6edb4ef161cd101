import type { ParsedFile } from "./parser.ts";
import { child, childrenOf, dottedName, type PyNode, walkNodes } from "./syntax.ts";

/** An import of a module, and what is imported of it. */
export interface Import {
  /** Without the dots before it; empty for `from . import c`. */
  readonly module: string;
  /** The dots before it. */
  readonly level: number;
  /** `b` of `from a import b`; `*` for all. */
  readonly members: readonly string[];
  readonly line: number;
  /** True if the code expects that the module may be missing. */
  readonly isOptional: boolean;
}

/** Code that is run, and that is not in the file as such. */
export interface DynamicCode {
  readonly kind: "module" | "string";
  readonly line: number;
}

export interface FileImports {
  readonly imports: readonly Import[];
  readonly dynamic: readonly DynamicCode[];
}

/**
 * The imports of a file, wherever they are, but not those for type checkers nor those of a script's start
 * (`if __name__ == "__main__"`), which Lambda does not run.
 */
export function importsIn({ root }: ParsedFile): FileImports {
  const imports: Import[] = [];
  const dynamic: DynamicCode[] = [];
  const aliases = aliasesIn(root);
  // Not recursive: code can be nested deeply.
  const open: { readonly node: PyNode; readonly isOptional: boolean }[] = [
    { node: root, isOptional: false },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, isOptional } = next;
    switch (node.type) {
      case "import_statement":
        for (const name of childrenOf(node, "name")) {
          const module = nameOf(name);
          imports.push({ module, level: 0, members: [], line: node.line, isOptional });
        }
        break;
      case "import_from_statement":
        imports.push({ ...importFrom(node), line: node.line, isOptional });
        break;
      case "call": {
        const found = loadedBy(node, aliases);
        if (found === undefined) break;
        if (typeof found === "string") dynamic.push({ kind: found, line: node.line });
        else imports.push({ ...found, members: [], line: node.line, isOptional });
        break;
      }
    }
    const skipped = isNeverRun(node) ? child(node, "consequence") : undefined;
    const guarded = isGuard(node);
    for (const it of node.children) {
      if (it !== skipped) open.push({ node: it, isOptional: isOptional || guarded(it) });
    }
  }
  const inOrder = (one: { line: number }, other: { line: number }) => one.line - other.line;
  return { imports: imports.sort(inOrder), dynamic: dynamic.sort(inOrder) };
}

/** `a.b` of `a.b` and of `a.b as c`. */
function nameOf(node: PyNode): string {
  return dottedName(node.type === "aliased_import" ? (child(node, "name") ?? node) : node);
}

function importFrom(node: PyNode): Pick<Import, "module" | "level" | "members"> {
  const from = child(node, "module_name")?.text.replaceAll(/\s/g, "") ?? "";
  const isAll = node.children.some(({ type }) => type === "wildcard_import");
  const members = isAll ? ["*"] : childrenOf(node, "name").map(nameOf);
  return { ...relativeName(from), members };
}

/** The dots before a name, and the rest. */
function relativeName(name: string): { readonly module: string; readonly level: number } {
  const module = name.replace(/^\.+/, "");
  return { module, level: name.length - module.length };
}

const moduleLoaders = ["__import__", "import_module", "run_module"];
const otherLoaders = [
  "SourceFileLoader",
  "iter_modules",
  "load_source",
  "run_path",
  "spec_from_file_location",
  "walk_packages",
];

/** Other names of functions that load modules: `from importlib import import_module as load`. */
function aliasesIn(root: PyNode): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  walkNodes(root, (node) => {
    const alias = node.type === "aliased_import" ? child(node, "alias") : undefined;
    if (alias) found.set(alias.text, nameOf(node));
    return true;
  });
  return found;
}

/** What a call loads: a module with a literal name, one with another name, or a string; undefined if nothing. */
function loadedBy(
  call: PyNode,
  aliases: ReadonlyMap<string, string>,
): { module: string; level: number } | "module" | "string" | undefined {
  const called = child(call, "function");
  if (called?.type === "identifier" && (called.text === "exec" || called.text === "eval")) {
    return "string";
  }
  const written = called?.type === "attribute" ? child(called, "attribute")?.text : called?.text;
  const name = aliases.get(written ?? "") ?? written;
  if (name === undefined) return undefined;
  if (otherLoaders.includes(name)) return "module";
  if (!moduleLoaders.includes(name)) return undefined;
  const [first, ...others] = child(call, "arguments")?.children ?? [];
  const literal = first && literalOf(first);
  if (literal === undefined) return "module";
  const found = relativeName(literal);
  return name === "import_module" && found.level > 0 ? inPackage(found, others) : found;
}

/** A relative name in the package that the other arguments of `import_module` name. */
function inPackage(
  { module, level }: { readonly module: string; readonly level: number },
  others: readonly PyNode[],
): { module: string; level: number } | "module" {
  const values = others.map((it) =>
    it.type !== "keyword_argument"
      ? it
      : child(it, "name")?.text === "package"
        ? child(it, "value")
        : undefined,
  );
  const [given] = values.filter((it) => it !== undefined);
  if (given?.text === "__package__") return { module, level };
  const name = given && literalOf(given);
  if (name === undefined) return "module";
  const above = name.split(".").slice(0, name.split(".").length - (level - 1));
  return { module: [...above, module].filter((it) => it !== "").join("."), level: 0 };
}

/** The value of a string without replacements; undefined for anything else. */
function literalOf(node: PyNode): string | undefined {
  if (node.type === "concatenated_string") {
    const parts = node.children.map(literalOf);
    return parts.includes(undefined) ? undefined : parts.join("");
  }
  if (node.type !== "string" || node.children.some(({ type }) => type === "interpolation")) {
    return undefined;
  }
  return node.children.flatMap((it) => (it.type === "string_content" ? [it.text] : [])).join("");
}

/** True for `if TYPE_CHECKING:` and for `if __name__ == "__main__":`. */
export function isNeverRun(node: PyNode): boolean {
  if (node.type !== "if_statement") return false;
  const expression = child(node, "condition");
  if (expression?.type === "not_operator") return false;
  const condition = expression?.text.replaceAll(/\s/g, "") ?? "";
  return /^\(?((\w+\.)?TYPE_CHECKING|__name__==(["'])__main__\3)\)?$/.test(condition);
}

const missing = /\b(ImportError|ModuleNotFoundError|Exception|BaseException)\b/;

/** Which children of a node run only where a module may be missing: after a check of the version, in a `try`, or after it. */
function isGuard(node: PyNode): (part: PyNode) => boolean {
  switch (node.type) {
    case "if_statement":
      return () =>
        /\b(sys\s*\.\s*version_info|sys\s*\.\s*platform)\b/.test(
          child(node, "condition")?.text ?? "",
        );
    case "try_statement": {
      const clauses = node.children.filter(
        (it) => /^except_(group_)?clause$/.test(it.type) && expectsMissing(it),
      );
      const body = child(node, "body");
      const isOfImport = body !== undefined && hasImport(body);
      return (part) =>
        clauses.length > 0 && (part === body || (isOfImport && clauses.includes(part)));
    }
    case "with_statement": {
      const [clause] = node.children;
      const isSuppressed =
        /\bsuppress\b/.test(clause?.text ?? "") && missing.test(clause?.text ?? "");
      return (part) => isSuppressed && part.field === "body";
    }
    default:
      return () => false;
  }
}

function hasImport(start: PyNode): boolean {
  let found = false;
  walkNodes(start, ({ type }) => {
    found ||= type === "import_statement" || type === "import_from_statement";
    return !found;
  });
  return found;
}

/** True for `except:`, and for one that names the error of a missing module. */
function expectsMissing(clause: PyNode): boolean {
  const named = clause.children.filter(({ type }) => type !== "block");
  return named.length === 0 || named.some(({ text }) => missing.test(text));
}
