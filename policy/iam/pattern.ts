/**
 * Patterns of IAM: `*` is any text, also none, and `?` is one character.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 *
 * There a `*` inside a part of an ARN ends with that part, and one at its end may reach over the
 * colons behind it. Here every `*` may, so that no pattern is taken for narrower than it is.
 */

/** True if `pattern` takes `text`. Letter case counts. */
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
      // Let the last `*` take one character more, and try again behind it.
      at = star + 1;
      index = ++taken;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** True if both patterns take some text. Letter case counts. */
export function overlaps(left: string, right: string): boolean {
  // both[j]: what is read of `left` and the first j characters of `right` take some same text.
  let both = [true];
  for (const [index, token] of [...right].entries())
    both.push(token === "*" && both[index] === true);
  for (const token of left) {
    const next = [token === "*" && both[0] === true];
    for (let index = 1; index <= right.length; index++) {
      const other = right[index - 1];
      next.push(
        token === "*" || other === "*"
          ? both[index] === true || next[index - 1] === true
          : both[index - 1] === true && (token === "?" || other === "?" || token === other),
      );
    }
    both = next;
  }
  return both[right.length] === true;
}

/** True for a pattern that takes every text, but perhaps the empty one. */
export function takesEverything(pattern: string): boolean {
  return /^\?*\*[*?]*$/.test(pattern);
}

export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}
