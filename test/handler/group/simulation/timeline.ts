interface Event {
  readonly atMs: number;
  /** Events of the same time happen in the order in which they were scheduled. */
  readonly order: number;
  readonly happen: () => void;
}

/** A virtual clock: time passes from one scheduled event to the next. */
export class Timeline {
  nowMs: number;
  private readonly heap: Event[] = [];
  private scheduled = 0;

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  /** An event `delayMs` from now. */
  after(delayMs: number, happen: () => void): void {
    const event = { atMs: this.nowMs + Math.max(0, delayMs), order: this.scheduled++, happen };
    let index = this.heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.isBefore(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  /** Lets events happen until none is left. What they start goes on until it waits for another event. */
  async run(isOver: () => boolean): Promise<void> {
    for (;;) {
      const event = this.pop();
      if (!event || isOver()) return;
      this.nowMs = event.atMs;
      event.happen();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  private pop(): Event | undefined {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (!first || !last || this.heap.length === 0) return first;
    this.heap[0] = last;
    let index = 0;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = this.isBefore(right, left) ? right : left;
      if (!this.isBefore(child, index)) return first;
      this.swap(index, child);
      index = child;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [one, other] = [this.heap[a], this.heap[b]];
    if (!one || !other) return one !== undefined;
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
  }

  private swap(a: number, b: number): void {
    const [one, other] = [this.heap[a], this.heap[b]];
    if (one && other) [this.heap[a], this.heap[b]] = [other, one];
  }
}
