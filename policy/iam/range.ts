/** A range with a shorter prefix is half a continent: nobody's own. Two of `/1` are everybody. */
const shortestPrefix = 8;

/** True for a range of addresses such as `0.0.0.0/0` or `::/0`, and for what is no range. */
export function isAnywhere(range: string): boolean {
  const [, prefix] = /^[\d.:a-f]+(?:\/(\d+))?$/i.exec(range) ?? [range, "0"];
  return prefix !== undefined && Number(prefix) < shortestPrefix;
}
