import { basename } from "node:path";
import { type Finding, findInMarkdown } from "./markdown.ts";
import { findInName, findInSource } from "./source.ts";
import { type Found, findTerms } from "./term.ts";
import { terms } from "./terms.ts";

/**
 * What a file has of the terms, but for what it allows: `prose-allow WORD: REASON` in a comment allows
 * findings with that word in its line and in the next one. An allowance without a reason, or for nothing, is a finding.
 */
export async function checkFile(path: string, text: string): Promise<Finding[]> {
  const read = text.replace(allowance, (it) => "X".repeat(it.length));
  const found = [...findInName(nameOf(path)).map(first), ...(await findInText(path, read))];
  const allowances = allowancesOf(text);
  const isAllowed = ({ line, text: word }: Finding) => {
    const allowing = allowances.filter(
      (it) => (line === it.line || line === it.line + 1) && contains(word, it.word),
    );
    for (const it of allowing) it.isUsed = true;
    return allowing.length > 0;
  };
  const left = found.filter((it) => !isAllowed(it));
  const problems = allowances.flatMap(({ line, word, reason, isUsed }) => {
    const write = isUsed ? "a reason" : "nothing: there is no such word here";
    return isUsed && reason ? [] : [{ line, column: 1, text: `prose-allow ${word}`, write }];
  });
  return [...left, ...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

async function findInText(path: string, text: string): Promise<Finding[]> {
  const place = placeIn(text);
  if (path.endsWith(".md")) return findInMarkdown(text);
  if (/\.[mc]?[jt]s$/.test(path)) return findInSource(text).map(place);
  return findTerms(path.endsWith(".py") ? pythonProse(text) : text, terms).map(place);
}

/** Comments and strings, each in its place; names of Python are not checked. */
function pythonProse(text: string): string {
  const prose = [...text.replace(/\S/g, " ")];
  for (const { 0: piece, index } of text.matchAll(/#.*|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"/g)) {
    prose.splice(index, piece.length, ...piece.replace(/[#"]/g, " "));
  }
  return prose.join("");
}

const nameOf = (path: string) => basename(path).replace(/(?:\.long)?(?:\.spec)?\.\w+$/, "");

const first = ({ text, write }: Found): Finding => ({ line: 1, column: 1, text, write });

function placeIn(text: string): (found: Found) => Finding {
  return ({ at, ...found }) => {
    const before = text.slice(0, at).split("\n");
    return { line: before.length, column: (before.at(-1) ?? "").length + 1, ...found };
  };
}

const contains = (text: string, word: string) => text.toLowerCase().includes(word.toLowerCase());

const allowance = /prose-allow ([^:\n]+?)(?::[ \t]*(.*?))?[ \t]*(?=-->|\*\/|$)/gm;

function allowancesOf(text: string) {
  return [...text.matchAll(allowance)].map(({ 1: word = "", 2: reason = "", index }) => ({
    line: text.slice(0, index).split("\n").length,
    word: word.trim(),
    reason,
    isUsed: false,
  }));
}
