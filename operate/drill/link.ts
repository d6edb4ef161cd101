import type { Ports } from "./ports.ts";

/** One link of the chain from a slow response to the e-mail. */
export interface Link {
  readonly name: string;
  /** Returns what it found; throws what is broken. It reboots nothing and fires no alert of Sumo Logic. */
  check(ports: Ports): Promise<string>;
}
