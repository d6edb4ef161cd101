/**
 * The one of `known` that `word` is most likely a misspelling of: case is ignored, and at most a third of
 * the letters may be wrong, missing or too many. `undefined` if none is that close.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((it) => ({ it, distance: editDistance(word.toLowerCase(), it.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  return best && best.distance <= word.length / 3 ? best.it : undefined;
}

/** Levenshtein's: how many letters to change, insert or delete so that one word becomes the other. */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...one].entries()) {
    const current = [row + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const changed = (previous[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      const deleted = (previous[column + 1] ?? 0) + 1;
      const inserted = (current[column] ?? 0) + 1;
      current.push(Math.min(changed, deleted, inserted));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
