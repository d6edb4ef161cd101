import { counted } from "./markdown.ts";
import { isObject, isSame, namesOf, own, type Properties } from "./properties.ts";
import { cut, visible } from "./text.ts";
import { type Shown, shown } from "./value.ts";

/** What a line says: it stays, comes, goes, or has something in it that changes. A diff colours by it. */
export type Sign = " " | "+" | "-" | "!";

const mostLines = 120;
/** From this many on, the rest is not counted. */
const mostLeft = 5_000;
const longestLine = 300;
/** Lines that stay the same are shown so many before and after one that changes. */
const context = 2;
/** So much of a value is shown where its old and its new value share a line. */
const longestHalf = 120;
/** The most lines shown of a changed string; without a limit a function's code would leave no room for its role. */
const mostTextLines = 40;
const deepestIndent = 20;
const widestName = 40;
/** Shorter than a line, so that a name never leaves no room for its value. */
const longestName = 100;

/** Each property that comes or goes with its resource, line by line. */
export function wholeLines(properties: Properties, sign: "+" | "-", id = ""): string[] {
  const lines = new Lines();
  lines.id(sign, id);
  for (const [name, value] of childrenOf({ kind: "map", label: "", entries: properties })) {
    lines.whole(sign, 1, name, shown(value));
  }
  return lines.all();
}

/**
 * The properties of a resource that changes, line by line, as far as they are near a change. `reported` are
 * those that the provider says change; one whose value does not show it has a line that says so.
 */
export function changedLines(
  old: Properties,
  now: Properties,
  reported: ReadonlySet<string>,
  id = "",
): string[] {
  const lines = new Lines();
  lines.id(" ", id);
  const names = namesOf(old, now, Object.fromEntries([...reported].map((it) => [it, true])));
  const width = widthOf(names);
  for (const name of names) {
    const [before, after] = [own(old, name), own(now, name)];
    const title = titleOf(name, width);
    if (reported.has(name) && isSame(before, after)) lines.unshown(title, before);
    else lines.change(1, title, before, after);
  }
  return lines.all();
}

type Nested = Shown & { kind: "list" | "map" };

/**
 * Lines of which those that stay the same are kept only near others, and at most `mostLines` in all: what an
 * event has may be large, and made to be.
 */
class Lines {
  private readonly kept: string[] = [];
  /** How many lines had no room. */
  private left = 0;
  /** Those that stay the same and are kept if the next line is another. */
  private waiting: string[] = [];
  private isSkipping = false;
  private sinceChange = context;

  all(): string[] {
    const end = this.isSkipping || this.waiting.length > 0 ? ["   …"] : [];
    if (this.left === 0) return [...this.kept, ...end];
    const left = this.isFull() ? "more lines" : counted(this.left, "more line");
    return [...this.kept, `   … ${left}, in the run's log`];
  }

  private isFull(): boolean {
    return this.left >= mostLeft;
  }

  id(sign: Sign, id: string): void {
    if (id) this.add(sign, 1, `[id=${id}]`);
  }

  /** A value with everything in it, all of which has the same sign. */
  whole(sign: Sign, depth: number, title: string, value: Shown): void {
    const line = inOneLine(value);
    if (line !== undefined) this.add(sign, depth, title + line);
    else this.nested(sign, depth, title, value as Nested);
  }

  private nested(sign: Sign, depth: number, title: string, value: Nested): void {
    const [open, close] = value.kind === "list" ? ["[", "]"] : ["{", "}"];
    const isEmpty = (value.kind === "list" ? value.items : namesOf(value.entries)).length === 0;
    if (isEmpty || sign === " ") {
      this.add(sign, depth, `${title}${value.label}${open}${isEmpty ? "" : "…"}${close}`);
      return;
    }
    this.add(sign, depth, title + value.label + open);
    for (const [name, child] of childrenOf(value)) {
      if (this.isFull()) return;
      this.whole(sign, depth + 1, name, shown(child));
    }
    this.add(sign, depth, close);
  }

  change(depth: number, title: string, before: unknown, after: unknown): void {
    if (before === undefined) this.whole("+", depth, title, shown(after));
    else if (after === undefined) this.whole("-", depth, title, shown(before));
    else if (isSame(before, after)) this.whole(" ", depth, title, shown(after));
    else this.differing(depth, title, shown(before), shown(after));
  }

  private differing(depth: number, title: string, old: Shown, now: Shown): void {
    const [left, right] = [inOneLine(old), inOneLine(now)];
    if (old.kind === "map" && now.kind === "map") this.map(depth, title, old, now);
    else if (old.kind === "list" && now.kind === "list") this.list(depth, title, old, now);
    else if (old.kind === "text" && now.kind === "text") this.text(depth, title, old, now);
    else if (left !== undefined && right !== undefined) this.scalar(depth, title, left, right);
    else {
      this.whole("-", depth, title, old);
      this.whole("+", depth, title, now);
    }
  }

  /** A property that the provider says changes, and whose value looks the same: a secret, for example. */
  unshown(title: string, value: unknown): void {
    const text = inOneLine(shown(value));
    this.add("!", 1, `${title}${text ? `${text} ` : ""}(changes, but its value looks the same)`);
  }

  private scalar(depth: number, title: string, old: string, now: string): void {
    if (old.length <= longestHalf && now.length <= longestHalf) {
      this.add("!", depth, `${title}${old} => ${now}`);
      return;
    }
    const from = Math.max(0, sharedStart(old, now) - longestHalf / 2);
    const dots = from > 0 ? "…" : "";
    this.add("-", depth, title + dots + old.slice(from));
    this.add("+", depth, title + dots + now.slice(from));
  }

  private map(
    depth: number,
    title: string,
    old: Shown & { kind: "map" },
    now: Shown & { kind: "map" },
  ): void {
    const label = old.label === now.label ? now.label : `${old.label}=> ${now.label}`;
    this.add("!", depth, `${title}${label}{`);
    const names = namesOf(old.entries, now.entries);
    const width = widthOf(names);
    for (const name of names) {
      if (this.isFull()) return;
      const [before, after] = [own(old.entries, name), own(now.entries, name)];
      this.change(depth + 1, titleOf(name, width), before, after);
    }
    this.add(" ", depth, "}");
  }

  /** Items are compared by their place, counted from the nearer end: one more at the front moves no other. */
  private list(
    depth: number,
    title: string,
    { items: old }: Shown & { kind: "list" },
    { items: now, label }: Shown & { kind: "list" },
  ): void {
    this.add("!", depth, `${title}${label}[`);
    const shorter = Math.min(old.length, now.length);
    let [start, end] = [0, 0];
    while (start < shorter && isSame(old[start], now[start])) start++;
    while (end < shorter - start && isSame(old.at(-1 - end), now.at(-1 - end))) end++;
    const same = (from: number, to: number) => {
      for (let index = from; index < to; index++) {
        this.whole(" ", depth + 1, itemTitle(index, now[index]), shown(now[index]));
      }
    };
    same(0, Math.min(start, context));
    if (start > 2 * context) this.skip();
    same(Math.max(context, start - context), start);
    for (let index = start; index < Math.max(old.length, now.length) - end; index++) {
      if (this.isFull()) return;
      const before = index < old.length - end ? old[index] : undefined;
      const after = index < now.length - end ? now[index] : undefined;
      this.change(depth + 1, itemTitle(index, after ?? before), before, after);
    }
    same(now.length - end, now.length - end + Math.min(end, context));
    if (end > context) this.skip();
    this.add(" ", depth, "]");
  }

  private text(
    depth: number,
    title: string,
    old: Shown & { kind: "text" },
    now: Shown & { kind: "text" },
  ): void {
    const label = old.label.startsWith("asset(") ? `${old.label} => ${now.label}` : "text";
    this.add("!", depth, `${title}${label} {`);
    const { lines, isCut } = changesOf(old.text.split("\n"), now.text.split("\n"), mostTextLines);
    for (const [sign, line] of lines) this.add(sign, depth + 1, line);
    if (isCut) this.add("!", depth + 1, "… and more changes further down");
    this.add(" ", depth, "}");
  }

  /** Leaves out lines that stay the same. */
  private skip(): void {
    this.isSkipping = true;
    this.sinceChange = context;
  }

  private add(sign: Sign, depth: number, text: string): void {
    const indent = "    ".repeat(Math.min(depth - 1, deepestIndent));
    const line = `${sign}  ${indent}${cut(visible(text), longestLine)}`;
    if (sign !== " ") {
      if (this.isSkipping) this.keep("   …");
      for (const it of this.waiting) this.keep(it);
      this.keep(line);
      this.isSkipping = false;
      this.waiting = [];
      this.sinceChange = 0;
    } else if (this.sinceChange < context) {
      this.sinceChange++;
      this.keep(line);
    } else {
      this.waiting.push(line);
      if (this.waiting.length > context) this.isSkipping = this.waiting.shift() !== undefined;
    }
  }

  private keep(line: string): void {
    if (this.kept.length < mostLines) this.kept.push(line);
    else this.left++;
  }
}

function childrenOf(value: Nested): [string, unknown][] {
  if (value.kind === "list")
    return value.items.map((item, index) => [itemTitle(index, item), item]);
  const names = namesOf(value.entries);
  const width = widthOf(names);
  return names.map((name) => [titleOf(name, width), own(value.entries, name)]);
}

/** The place of an item, and the name that a policy's statement has. */
function itemTitle(index: number, item: unknown): string {
  const sid = isObject(item) ? (own(item, "Sid") ?? own(item, "sid")) : undefined;
  return typeof sid === "string" ? `[${index}] ${cut(sid, widestName)}: ` : `[${index}]: `;
}

function inOneLine(value: Shown): string | undefined {
  if (value.kind === "scalar") return value.text;
  return value.kind === "text" ? value.label : undefined;
}

/** A name with the space that puts the values below one another. */
function titleOf(name: string, width: number): string {
  const plain = /^[\w.$-]+$/.test(name) ? name : JSON.stringify(name);
  return `${cut(plain, longestName).padEnd(width)}: `;
}

function widthOf(names: readonly string[]): number {
  return names.reduce((max, it) => Math.max(max, Math.min(it.length, widestName)), 0);
}

/** How many characters both begin with. */
function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** How many lines ahead the comparison searches for lines that both strings have. */
const ahead = 50;

/** The lines of two strings, up to the first `most` of those that go or come. */
function changesOf(
  old: readonly string[],
  now: readonly string[],
  most: number,
): { lines: [Sign, string][]; isCut: boolean } {
  const lines: [Sign, string][] = [];
  let [a, b, count] = [0, 0, 0];
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) {
      lines.push([" ", old[a] ?? ""]);
      a++;
      b++;
      continue;
    }
    if (count >= most) return { lines, isCut: true };
    const [gone, come] = nextMatch(old, now, a, b);
    count += gone - a + (come - b);
    for (; a < gone; a++) lines.push(["-", old[a] ?? ""]);
    for (; b < come; b++) lines.push(["+", now[b] ?? ""]);
  }
  return { lines, isCut: false };
}

/** The nearest places from which on both have the same line again; their ends where there are none. */
function nextMatch(
  old: readonly string[],
  now: readonly string[],
  a: number,
  b: number,
): [number, number] {
  for (let distance = 1; distance <= 2 * ahead; distance++) {
    for (
      let skipped = Math.max(0, distance - ahead);
      skipped <= Math.min(distance, ahead);
      skipped++
    ) {
      const [left, right] = [a + skipped, b + distance - skipped];
      if (left < old.length && right < now.length && old[left] === now[right]) return [left, right];
    }
  }
  return [Math.min(a + ahead, old.length), Math.min(b + ahead, now.length)];
}
