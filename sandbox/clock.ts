/** The time that the sandbox's Sumo Logic sees, so that ten minutes need not be waited for. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export class VirtualClock implements Clock {
  private current: number;

  constructor(startMs: number) {
    this.current = startMs;
  }

  now(): number {
    return this.current;
  }

  advance(minutes: number): void {
    this.current += minutes * 60_000;
  }
}
