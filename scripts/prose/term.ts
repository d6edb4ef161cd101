/** A word or phrase that people are not to read here, and what they read instead. */
export interface Term {
  /** What is not written; a space stands for any white space, also a line break. */
  readonly pattern: RegExp;
  readonly write: string;
  /** Texts in which the pattern is found. */
  readonly wrong: readonly string[];
  /** Texts with the same word in another sense, or what to write; the pattern is not found. */
  readonly right: readonly string[];
}

/** Where a text has a term: `at` counts characters from the text's beginning. */
export interface Found {
  readonly at: number;
  readonly text: string;
  readonly write: string;
}

/** All places of a text that have one of the terms, in their order. */
export function findTerms(text: string, terms: readonly Term[]): Found[] {
  return terms
    .flatMap(({ pattern, write }) =>
      [...text.matchAll(anywhere(pattern))].map((match) => ({
        at: match.index,
        text: match[0].replace(/\s+/g, " ").trim(),
        write,
      })),
    )
    .sort((a, b) => a.at - b.at);
}

const compiled = new Map<RegExp, RegExp>();

/** The pattern for every place, with its spaces for any white space. */
function anywhere(pattern: RegExp): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const result = new RegExp(pattern.source.replaceAll(" ", "\\s+"), `g${pattern.flags}`);
  compiled.set(pattern, result);
  return result;
}
