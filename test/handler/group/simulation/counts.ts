/** How often what happened. */
export class Counts {
  readonly values: Record<string, number> = {};

  count(what: string): void {
    this.values[what] = (this.values[what] ?? 0) + 1;
  }
}

/** Throws if there is more of something than a promise allows. */
export function atMost(what: string, count: number, most: number): void {
  if (count > most) throw new Error(`${count} ${what}; expected at most ${most}`);
}
