/** No text of a request is kept longer than this, in characters. */
const longestText = 200;
/** A sentence of the handler, with an error of AWS and text of a request in it. */
const longestReason = 2_000;
const longestLink = 2_000;

/**
 * Text of a request, made safe for a log field or a line of an e-mail: control and format
 * characters become spaces (no forged line, no reversed text), at most `longest` characters.
 */
export function cleanText(text: string, longest = longestText): string {
  const plain = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
  return Array.from(plain).slice(0, longest).join("");
}

/** A sentence of the handler that quotes others, made safe in the same way. */
export function cleanReason(text: string): string {
  return cleanText(text, longestReason);
}

/** A value of a request as it is named in a refusal: JSON, cleaned and shortened. */
export function quote(value: unknown): string {
  return cleanText(JSON.stringify(value) ?? String(value));
}

/** The link if it is safe to put before a person: https, and a host of Sumo Logic; else nothing. */
export function sumoLogicLink(text: string): string | undefined {
  if (text.length > longestLink || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isSafe =
    url.protocol === "https:" &&
    url.hostname.endsWith(".sumologic.com") &&
    url.username === "" &&
    url.password === "";
  return isSafe ? url.href : undefined;
}
