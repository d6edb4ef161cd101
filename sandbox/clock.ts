import { writeFileSync } from "node:fs";

/** The time that the sandbox's Sumo Logic and its functions see. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** A clock that does not move until it is set, for tests. */
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

/**
 * The clock of a running sandbox. It goes like this machine's, but can be put forward, so that nobody has
 * to wait ten minutes. Functions read from `file` how far it is ahead; see clock.cjs.
 */
export class SandboxClock implements Clock {
  private readonly file: string;
  private aheadMs = 0;

  /** `minutesAgo`: how far it starts behind this machine's clock. */
  constructor(file: string, minutesAgo: number) {
    this.file = file;
    this.advance(-minutesAgo);
  }

  now(): number {
    return Date.now() + this.aheadMs;
  }

  advance(minutes: number): void {
    this.aheadMs += minutes * 60_000;
    writeFileSync(this.file, String(this.aheadMs));
  }

  /** Puts it forward to this machine's time, from which it then no longer differs. */
  catchUp(): void {
    this.advance(-this.aheadMs / 60_000);
  }
}
