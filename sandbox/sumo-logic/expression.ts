import type { Row } from "./query.ts";

type Field = Row[string];

/** Whether a condition holds for a row. */
export type Condition = (row: Row) => boolean;

/** Computes a field of a row. */
export type Expression = (row: Row) => Field;

/** Words, numbers, strings in double quotes, comparisons, parentheses and commas. */
const token = /\s*([A-Za-z_]\w*|-?\d+(?:\.\d+)?|"[^"]*"|>=|<=|[=>(),])/y;

/**
 * Reads a condition, for example `path = "/" and (status matches "5*" or response_time_s > 3)`. `and` binds
 * closer than `or`. Throws, naming the text, for everything else.
 *
 * A comparison with null never holds; Sumo Logic documents nothing else.
 * https://help.sumologic.com/docs/search/search-query-language/search-operators/where/
 */
export function parseCondition(text: string): Condition {
  const reader = new Reader(text);
  const condition = reader.condition();
  reader.end();
  return condition;
}

/**
 * Reads `CONDITION, VALUE, VALUE`, the inside of `if(…)`: the first value where the condition holds, the
 * second elsewhere. https://help.sumologic.com/docs/search/search-query-language/search-operators/if/
 */
export function parseIf(text: string): Expression {
  const reader = new Reader(text);
  const condition = reader.condition();
  reader.take(",");
  const [positive, type] = reader.value();
  reader.take(",");
  const [negative, otherType] = reader.value();
  reader.end();
  if (type !== otherType && type !== "field" && otherType !== "field") {
    throw new Error(`both values of an if must have the same type: ${text}`);
  }
  return (row) => (condition(row) ? positive(row) : negative(row));
}

/** The number of a field, or null. */
export function toNumber(value: Field | undefined): number | null {
  if (value === null || value === undefined || String(value).trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

class Reader {
  private readonly text: string;
  private readonly tokens: string[] = [];

  constructor(text: string) {
    this.text = text;
    token.lastIndex = 0;
    for (let end = 0; end < text.trimEnd().length; end = token.lastIndex) {
      const [, found] = token.exec(text) ?? [];
      if (found === undefined) throw this.error();
      this.tokens.push(found);
    }
  }

  condition(): Condition {
    const alternatives = [this.conjunction()];
    while (this.takeIf("or")) alternatives.push(this.conjunction());
    return (row) => alternatives.some((it) => it(row));
  }

  private conjunction(): Condition {
    const parts = [this.term()];
    while (this.takeIf("and")) parts.push(this.term());
    return (row) => parts.every((it) => it(row));
  }

  private term(): Condition {
    if (this.takeIf("(")) {
      const condition = this.condition();
      this.take(")");
      return condition;
    }
    if (this.takeIf("isNull")) {
      // https://help.sumologic.com/docs/search/search-query-language/search-operators/isnull-isempty-isblank/
      this.take("(");
      const [operand] = this.value();
      this.take(")");
      return (row) => operand(row) === null;
    }
    const [left] = this.value();
    if (this.takeIf("in")) {
      const isIn = this.list();
      return (row) => isIn(left(row));
    }
    const operator = this.tokens.shift() ?? "";
    const [right] = this.value();
    const compare = comparisons[operator];
    if (!compare) throw this.error();
    return (row) => {
      const [a, b] = [left(row), right(row)];
      return a !== null && b !== null && compare(a, b);
    };
  }

  /**
   * `(VALUE, VALUE)` behind `in`. Nothing is cast: a string is in no list of numbers.
   * https://help.sumologic.com/docs/search/search-query-language/search-operators/in/
   */
  private list(): (value: Field) => boolean {
    this.take("(");
    const values: Field[] = [];
    do {
      const [literal, type] = this.value();
      if (type === "field") throw this.error();
      values.push(literal({}));
    } while (this.takeIf(","));
    this.take(")");
    return (value) => values.includes(typeof value === "bigint" ? Number(value) : value);
  }

  /** A number, a string in quotes, or a field's name; and which of them. */
  value(): readonly [Expression, "number" | "string" | "field"] {
    const found = this.tokens.shift() ?? "";
    if (/^-?\d/.test(found)) return [() => Number(found), "number"];
    if (found.startsWith('"')) return [() => found.slice(1, -1), "string"];
    if (/^\w+$/.test(found)) return [(row) => row[found] ?? null, "field"];
    throw this.error();
  }

  take(expected: string): void {
    if (!this.takeIf(expected)) throw this.error();
  }

  end(): void {
    if (this.tokens.length > 0) throw this.error();
  }

  private takeIf(expected: string): boolean {
    if (this.tokens[0] !== expected) return false;
    this.tokens.shift();
    return true;
  }

  private error(): Error {
    return new Error(`the sandbox does not run this condition of a query: ${this.text}`);
  }
}

type Comparison = (a: NonNullable<Field>, b: NonNullable<Field>) => boolean;

/** Compares as numbers; text that is no number is neither more nor less. */
function ofNumbers(compare: (a: number, b: number) => boolean): Comparison {
  return (a, b) => {
    const [left, right] = [toNumber(a), toNumber(b)];
    return left !== null && right !== null && compare(left, right);
  };
}

/** A string is cast if the other side is a number:
 * https://help.sumologic.com/docs/search/search-query-language/search-operators/manually-cast-data-string-number/ */
const isEqual: Comparison = (a, b) =>
  typeof a !== "string" || typeof b !== "string" ? toNumber(a) === toNumber(b) : a === b;

const comparisons: Readonly<Record<string, Comparison>> = {
  "=": isEqual,
  ">": ofNumbers((a, b) => a > b),
  ">=": ofNumbers((a, b) => a >= b),
  "<=": ofNumbers((a, b) => a <= b),
  // https://help.sumologic.com/docs/search/search-query-language/search-operators/matches/
  matches: (a, b) => wildcard(String(b)).test(String(a)),
};

/** `*` is any text, `?` any character; the whole value must match, in the same case. */
function wildcard(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
