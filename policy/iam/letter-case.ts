/**
 * A text in lower case as AWS compares actions and keys: only A to Z change. JavaScript's own
 * toLowerCase() also makes an ASCII letter of the Kelvin sign (U+212A), which AWS takes for another
 * character, so a statement would be judged by an action that it does not have.
 */
export function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (it) => it.toLowerCase());
}

/** True if two texts differ by the letter case of A to Z at most. */
export function isSameWord(one: string, other: string): boolean {
  return one.length === other.length && lowerCase(one) === lowerCase(other);
}

/** True for a text of printable ASCII characters without spaces, as all actions and keys of AWS are. */
export function isAscii(text: string): boolean {
  return /^[!-~]*$/.test(text);
}
