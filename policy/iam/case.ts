/**
 * A string in lower case as AWS compares actions and keys: only A to Z change. JavaScript's
 * toLowerCase() also turns the Kelvin sign (U+212A) into an ASCII letter. AWS does not, so the pack would
 * check a statement by an action that it does not have.
 */
export function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (it) => it.toLowerCase());
}

/** True if two strings differ at most in the case of A to Z. */
export function isSameWord(one: string, other: string): boolean {
  return one.length === other.length && lowerCase(one) === lowerCase(other);
}

/** True for a string of printable ASCII characters without spaces, like all actions and keys of AWS. */
export function isAscii(text: string): boolean {
  return /^[!-~]*$/.test(text);
}
