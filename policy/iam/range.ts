/** No network is larger than a range of this prefix. Two ranges of `/1` are every address. */
const shortestPrefix = 8;

/** True for a range such as `0.0.0.0/0` or `::/0`, and for anything that is not a range. */
export function isAnywhere(range: string): boolean {
  const [, prefix] = /^[\d.:a-f]+(?:\/(\d+))?$/i.exec(range) ?? [range, "0"];
  return prefix !== undefined && Number(prefix) < shortestPrefix;
}

/** True if the ranges together are larger than eight of the largest networks. */
export function areTooLarge(ranges: readonly string[]): boolean {
  const prefixes = ranges.map((it) => Number(/^[\d.:a-f]+\/(\d+)$/i.exec(it)?.[1]));
  const share = prefixes.reduce((sum, it) => sum + (Number.isNaN(it) ? 0 : 2 ** -it), 0);
  return share > 2 ** -shortestPrefix * 8;
}
