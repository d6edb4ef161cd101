/** Random values that a seed repeats. */
export interface Random {
  /** At least 0 and below 1. */
  readonly next: () => number;
  readonly chance: (probability: number) => boolean;
  /** At least `least` and below `most`. */
  readonly between: (least: number, most: number) => number;
  /** A whole number from `least` to `most`. */
  readonly whole: (least: number, most: number) => number;
  readonly pick: <T>(values: readonly [T, ...T[]]) => T;
  /** `count` of the values, in random order. */
  readonly some: <T>(values: readonly T[], count: number) => T[];
}

/** The generator Mulberry32: small, fast and good enough to choose events. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + next() * (most - least);
  const whole = (least: number, most: number) => Math.floor(between(least, most + 1));
  return {
    next,
    chance: (probability) => next() < probability,
    between,
    whole,
    pick: (values) => values[whole(0, values.length - 1)] ?? values[0],
    some(values, count) {
      const left = [...values];
      return Array.from({ length: Math.min(count, left.length) }, () =>
        left.splice(whole(0, left.length - 1), 1),
      ).flat();
    },
  };
}
