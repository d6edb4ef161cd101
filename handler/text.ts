import { isRecord } from "./record.ts";

/** The limit for text of a request, in characters. */
const longestText = 200;
/** The limit for a sentence of the handler that quotes an error of AWS and text of a request. */
const longestReason = 2_000;

/**
 * Characters that are invisible, or that change how others are shown: control and format characters
 * (terminal escapes, text direction, zero width), line separators, and what fonts may leave out.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Text of a request, safe for a log field, an attribute of the table or a line of an e-mail: unsafe
 * characters become spaces (no forged line, no terminal escape, no reversed text), half characters
 * become U+FFFD, and at most `longest` characters are kept.
 */
export function cleanText(text: string, longest = longestText): string {
  // No character has more than two code units: the rest of a long text is not read at all.
  const plain = text
    .slice(0, 2 * longest)
    .toWellFormed()
    .replace(unsafe, " ");
  return Array.from(plain).slice(0, longest).join("");
}

/** A sentence of the handler that quotes others, cleaned in the same way. */
export function cleanReason(text: string): string {
  return cleanText(text, longestReason);
}

/**
 * A value of a request as a refusal shows it: JSON, cleaned and shortened. Lists and objects are not
 * shown: they can be nested thousands of levels deep, too many for any recursion.
 */
export function quote(value: unknown): string {
  if (typeof value === "string") return cleanText(JSON.stringify(value.slice(0, longestText)));
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

/**
 * Free text for an e-mail, written so that mail clients find no link in it:
 * `https[:]//example[.]com`. Clients link bare host names too, and Outlook links `\\server\share`.
 */
export function withoutLinks(text: string): string {
  return text
    .replace(/:(?=[/\\])/g, "[:]")
    .replace(/\\(?=\\)/g, "[\\]")
    .replace(/[.\u3002\uff0e\uff61](?=\p{L})/gu, "[.]");
}
