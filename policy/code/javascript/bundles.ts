import { libraryOf } from "./specifiers.ts";

/**
 * Whose code a place in a file is. What a library's code mentions is what the library can do, not
 * what the function does.
 */
export type Owner = "program" | "library" | "unknown";

/** Finds whose code is at an offset in a file. */
export type OwnerAt = (offset: number) => Owner;

/** Files of this length are mostly written by bundlers; so are lines of this length. */
const longFile = 32 * 1024;
const longLine = 2000;

/**
 * Whose code the parts of a file are. Bundles can have the path of each module before it. Without the paths,
 * a bundle's code can be the program's or a library's.
 */
export function ownersIn(path: string, text: string): OwnerAt {
  if (libraryOf(path) !== undefined) return () => "library";
  // Pulumi writes the functions of a program, and loads libraries with require.
  if (/^exports\.\w+ = .*\b__f\d+\b/m.test(text)) return () => "program";
  const sections = sectionsOf(text);
  if (sections.length === 0) return isBundle(text) ? () => "unknown" : () => "program";
  return (offset) => {
    let [low, high] = [0, sections.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sections[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return sections[low - 1]?.owner ?? "library";
  };
}

/**
 * True for a file's text that contains clients of the SDK, as bundles do. Minifiers keep two strings: the
 * name of the clients' signature scheme, and the method that creates their commands.
 */
export function bundlesSdk(text: string): boolean {
  return /["'`]aws\.auth#sigv4a?["'`]|\.classBuilder\(\)/.test(text);
}

/**
 * True for a file that may have libraries in it. Most bundlers have functions for modules, with these names
 * if they are not minified, and Rollup gives one of two equal names a suffix. Classes of
 * `@aws-sdk/lib-dynamodb` have a `clientCommand`.
 */
function isBundle(text: string): boolean {
  return (
    text.length > longFile ||
    bundlesSdk(text) ||
    /\b__(commonJS|toESM|webpack_(require|modules)__)\b|\bgetDefaultExportFromCjs\b|\bparcelRequire|\bclientCommand\b|\b(?:as|class|const|function|let|var)\s+\w+\$\d/.test(
      text,
    ) ||
    hasLongLine(text)
  );
}

function hasLongLine(text: string): boolean {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    if ((end < 0 ? text.length : end) - start > longLine) return true;
    if (end < 0) return false;
    start = end + 1;
  }
  return false;
}

interface Section {
  readonly start: number;
  readonly owner: Owner;
}

// The modules of a bundle, by what esbuild and webpack write before each: `// src/index.ts`,
// `;// ./src/index.ts`, `;// CONCATENATED MODULE: ./src/index.ts`, `!*** ./src/index.ts ***!`.
function sectionsOf(text: string): Section[] {
  const comment =
    /^[ \t]*(?:;?\/\/ (?:CONCATENATED MODULE: )?|!\*\*\* )((?:[\w-]+:)?[\w@+./()-]+\.[cm]?[jt]sx?)(?: [+*].*)?$/gm;
  const found: Section[] = [];
  for (const { 1: path = "", index } of text.matchAll(comment)) {
    found.push({ start: index, owner: /(^|\/)node_modules\//.test(path) ? "library" : "program" });
  }
  return found.some(({ owner }) => owner === "library") ? found : [];
}
