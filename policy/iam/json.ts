import { isFields, read } from "../field.ts";
import { readLimits } from "../read-limits.ts";
import { lowerCase } from "./case.ts";

/** The content of a string, or why it is not a document, as the end of a sentence. */
export type Parsed =
  | { readonly isParsed: true; readonly value: unknown }
  | { readonly isParsed: false; readonly problem: string };

/** What JavaScript and Python write for an Output that is used as a string: Output.toString() in Pulumi's SDKs. */
const outputText =
  /Calling (\[to(String|JSON)\] on an \[Output<T>\]|__str__ on an Output\[T\]) is not supported/;

/** True for a string into which a program put an Output instead of its value. */
export function hasOutputText(text: string): boolean {
  return outputText.test(text);
}

/** How a program gets the value instead. The end of a sentence. */
export const outputFix =
  "Use pulumi.interpolate or pulumi.jsonStringify (Python: Output.concat or Output.json_dumps)";

/** The problem of a document with such a string. */
export const unresolvedOutput =
  'it contains "Calling [toString] on an [Output<T>] is not supported", which Pulumi writes for an Output that is used as a string';

/** The problem of a document with an empty object in place of a string. */
export const unresolvedPromise =
  "it contains {} in place of a string, which JSON.stringify writes for a Promise";

/** How a program gets the value instead. The end of a sentence. */
export const promiseFix = "Use pulumi.jsonStringify, or await the Promise";

/**
 * Parses a policy document. JSON.parse silently uses the last of two elements of one name, while AWS
 * rejects the document or, for some policies, may use the first. So duplicates are problems. Names are
 * compared case-insensitively and without their escapes.
 */
export function parseDocument(text: string): Parsed {
  const { documentCharacters } = readLimits;
  if (text.length > documentCharacters) {
    const problem = `it has more than ${documentCharacters} characters, and AWS accepts no document of that length`;
    return { isParsed: false, problem };
  }
  if (hasOutputText(text)) return { isParsed: false, problem: unresolvedOutput };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the string, which could be a secret.
    return { isParsed: false, problem: "it is not JSON" };
  }
  const problem = problemOfText(text);
  return problem === undefined ? { isParsed: true, value } : { isParsed: false, problem };
}

/** Reads the tokens of valid JSON once, without recursion. */
function problemOfText(text: string): string | undefined {
  /** The names in each open object; nothing for a list. */
  const open: (Set<string> | undefined)[] = [];
  let isName = false;
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g)) {
    const names = open.at(-1);
    if (token === "{" || token === "[") {
      if (open.length >= readLimits.documentDepth) return tooDeep;
      open.push(token === "{" ? new Set() : undefined);
      isName = token === "{";
    } else if (token === "}" || token === "]") open.pop();
    else if (token === ",") isName = names !== undefined;
    else if (isName && names) {
      isName = false;
      const name = lowerCase(JSON.parse(token));
      if (names.has(name)) return twice(JSON.parse(token));
      names.add(name);
    }
  }
  return undefined;
}

/** Why an object is not a document, as for a string. */
export function problemOfObject(document: unknown): string | undefined {
  const open: [unknown, number][] = [[document, 1]];
  let count = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value === "string" && hasOutputText(value)) return unresolvedOutput;
    if (typeof value !== "object" || value === null) continue;
    if (depth > readLimits.documentDepth) return tooDeep;
    const names = Object.keys(value);
    count += names.length;
    if (count > readLimits.documentCharacters) return "it has more elements than AWS accepts";
    const seen = new Set<string>();
    for (const name of names) {
      const folded = lowerCase(name);
      if (isFields(value) && seen.has(folded)) return twice(name);
      seen.add(folded);
      const member = read(() => (value as Record<string, unknown>)[name]);
      if (member.isKnown) open.push([member.value, depth + 1]);
    }
  }
  return undefined;
}

const tooDeep = `it is nested deeper than ${readLimits.documentDepth} objects and lists`;

/** AWS has not checked the document yet, so a name could be anything. */
function twice(name: string): string {
  const shown = /^[A-Za-z][\w:./-]{0,99}$/.test(name) ? ` (${name})` : "";
  return `it has a duplicate element${shown}`;
}
