import { countCompared } from "../comparisons.ts";

/**
 * Patterns of IAM: `*` is any text, also none, and `?` is one character.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 *
 * There a `*` inside a part of an ARN ends with that part, and one at its end may reach over the
 * colons behind it. Here every `*` may, so that no pattern is taken for narrower than it is.
 */

/**
 * True if `pattern` takes `text`. Letter case counts. Without recursion or regular expressions: at
 * most as many steps as the lengths multiplied, which count as compared.
 */
export function matches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let taken = 0;
  for (let index = 0; index < text.length; ) {
    const token = pattern[at];
    if (token === "*") {
      star = at++;
      taken = index;
    } else if (token !== undefined && (token === "?" || token === text[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      countCompared(at - star);
      // Let the last `*` take one character more, and try again behind it.
      at = star + 1;
      index = ++taken;
    } else {
      countCompared(index + 1);
      return false;
    }
  }
  countCompared(text.length + 1);
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** True if both patterns take some text. Letter case counts. */
export function overlaps(left: string, right: string): boolean {
  if (!haveSameStart(left, right)) return false;
  countCompared(left.length * right.length);
  // both[j]: what is read of `left` and the first j characters of `right` take some same text.
  let both = new Uint8Array(right.length + 1);
  let next = new Uint8Array(right.length + 1);
  both[0] = 1;
  for (let index = 0; right[index] === "*"; index++) both[index + 1] = 1;
  for (const token of left) {
    next[0] = token === "*" ? (both[0] ?? 0) : 0;
    for (let index = 1; index <= right.length; index++) {
      const other = right[index - 1];
      next[index] =
        token === "*" || other === "*"
          ? (both[index] ?? 0) | (next[index - 1] ?? 0)
          : token === "?" || other === "?" || token === other
            ? (both[index - 1] ?? 0)
            : 0;
    }
    [both, next] = [next, both];
  }
  return both[right.length] === 1;
}

/** False if they differ before the first wildcard of either, as most do. */
function haveSameStart(left: string, right: string): boolean {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const [one = "", other = ""] = [left[index], right[index]];
    if (hasWildcard(one) || hasWildcard(other)) return true;
    if (one !== other) return false;
  }
  return true;
}

/** True for a pattern that takes every text, but perhaps the empty one. */
export function takesEverything(pattern: string): boolean {
  return /^\?*\*[*?]*$/.test(pattern);
}

export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}
