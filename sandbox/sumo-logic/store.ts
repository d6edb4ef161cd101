import { randomBytes } from "node:crypto";

// biome-ignore lint/suspicious/noExplicitAny: bodies of the API, whose shapes the routes check
export type Item = Record<string, any>;

/** Things with an id of 16 hexadecimal digits, as Sumo Logic gives them. */
export class Store {
  readonly items = new Map<string, Item>();

  add(item: Item): Item {
    const id = randomBytes(8).toString("hex");
    const stored = { ...item, id };
    this.items.set(id, stored);
    return stored;
  }
}
