/** A range with a shorter prefix is half a continent: nobody's own. Two of `/1` are everybody. */
const shortestPrefix = 8;

/** True for a range of addresses such as `0.0.0.0/0` or `::/0`, and for what is no range. */
export function isAnywhere(range: string): boolean {
  const [, prefix] = /^[\d.:a-f]+(?:\/(\d+))?$/i.exec(range) ?? [range, "0"];
  return prefix !== undefined && Number(prefix) < shortestPrefix;
}

/** True if the ranges together are more than eight of the largest that somebody could own. */
export function areTooLarge(ranges: readonly string[]): boolean {
  const prefixes = ranges.map((it) => Number(/^[\d.:a-f]+\/(\d+)$/i.exec(it)?.[1]));
  const share = prefixes.reduce((sum, it) => sum + (Number.isNaN(it) ? 0 : 2 ** -it), 0);
  return share > 2 ** -shortestPrefix * 8;
}
