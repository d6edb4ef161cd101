import { countCompared } from "../comparisons.ts";

/**
 * Patterns of IAM: `*` matches any string, also an empty one, and `?` matches one character.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 *
 * In IAM a `*` inside a part of an ARN ends with that part, and one at its end may match the colons after
 * it. Here every `*` may, so no pattern is treated as narrower than it is.
 */

/**
 * True if `pattern` matches `text`, case-sensitively. Without recursion or regular expressions: at most
 * as many steps as the product of the lengths, which count as compared.
 */
export function matches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let matched = 0;
  for (let index = 0; index < text.length; ) {
    const token = pattern[at];
    if (token === "*") {
      star = at++;
      matched = index;
    } else if (token !== undefined && (token === "?" || token === text[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      countCompared(at - star);
      // Let the last `*` match one more character, and try again after it.
      at = star + 1;
      index = ++matched;
    } else {
      countCompared(index + 1);
      return false;
    }
  }
  countCompared(text.length + 1);
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** True if some string matches both patterns, case-sensitively. */
export function overlaps(left: string, right: string): boolean {
  if (!haveSameStart(left, right)) return false;
  countCompared(left.length * right.length);
  // both[j]: some string matches both what is read of `left` and the first j characters of `right`.
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

/** False if they differ before the first wildcard, as most do. */
function haveSameStart(left: string, right: string): boolean {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const [one = "", other = ""] = [left[index], right[index]];
    if (hasWildcard(one) || hasWildcard(other)) return true;
    if (one !== other) return false;
  }
  return true;
}

/** True for a pattern that matches every string, except perhaps the empty one. */
export function matchesEverything(pattern: string): boolean {
  return /^\?*\*[*?]*$/.test(pattern);
}

export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}
