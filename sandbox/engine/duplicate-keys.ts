/**
 * The path of the first key that an object of a JSON text has twice, such as `Statement.0.Action`;
 * nothing for a valid text without one. As JSONNoDuplicateKeys of aws-sdk-go-base, by which the real
 * provider checks the policies of IAM.
 */
export function duplicateKeyIn(text: string): string | undefined {
  /** What is open; `at` is the key, or the place in the list, where the text is. */
  const open: { at: string | number; readonly keys: Set<string> | undefined }[] = [];
  let isKey = false;
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g)) {
    const inner = open.at(-1);
    if (token === "{" || token === "[") {
      const isObject = token === "{";
      open.push({ at: isObject ? "" : 0, keys: isObject ? new Set() : undefined });
      isKey = isObject;
    } else if (token === "}" || token === "]") open.pop();
    else if (token === ",") {
      isKey = inner?.keys !== undefined;
      if (inner && typeof inner.at === "number") inner.at += 1;
    } else if (isKey && inner?.keys) {
      isKey = false;
      inner.at = JSON.parse(token) as string;
      if (inner.keys.has(inner.at)) return open.map(({ at }) => at).join(".");
      inner.keys.add(inner.at);
    }
  }
  return undefined;
}
