import { parseCondition, parseIf, toNumber } from "./expression.ts";

/** One log message: its text, category and time in milliseconds since 1970. */
export interface LogMessage {
  readonly raw: string;
  readonly sourceCategory: string;
  readonly timeMs: number;
}

/**
 * A result row, or a message on its way through the query; absent fields are null. A `bigint` is Sumo
 * Logic's type Long, and the numbers of an aggregate are Doubles; see template.ts.
 */
export type Row = Record<string, string | number | bigint | null>;

type Stage = (rows: Row[]) => Row[];

/**
 * Runs a query on messages that are already cut to the time range, and returns the result rows.
 *
 * Knows only the stages that this program's queries have; any other line is an error that names
 * it. Semantics: https://help.sumologic.com/docs/search/search-query-language/
 */
export function runQuery(query: string, messages: readonly LogMessage[]): Row[] {
  const [scope = "", ...lines] = query.split("\n").map((line) => line.trim());
  const isInScope = parseScope(scope);
  const rows: Row[] = messages
    .filter(isInScope)
    .map((it) => ({ _raw: it.raw, _messagetime: it.timeMs }));
  return lines.reduce((current, line) => stageOf(line)(current), rows);
}

/** True if the query's results are aggregates, false if they are messages. */
export function isAggregate(query: string): boolean {
  return /^\s*\| (count|sum|max|pct)\b.* by /m.test(query);
}

/**
 * Reads a category with at most one keyword, or with several in parentheses, of which a message has one. Without
 * parentheses the category would belong to the first keyword alone: the implied `and` binds closer than `or`.
 * https://help.sumologic.com/docs/search/get-started-with-search/build-search/keyword-search-expressions/
 */
function parseScope(scope: string): (message: LogMessage) => boolean {
  const form = /^_sourceCategory=([\w./-]+)(?: ("[^"]+"|\("[^"]+"(?: (?:or|OR) "[^"]+")*\)))?$/;
  const [, category, keywords = ""] = form.exec(scope) ?? [];
  if (!category) throw new Error(`the sandbox does not run this query scope: ${scope}`);
  const quoted = keywords.match(/"[^"]+"/g) ?? ['""'];
  return ({ raw, sourceCategory }) =>
    sourceCategory === category && quoted.some((it) => includesText(raw, it.slice(1, -1)));
}

/** Keyword search is case-insensitive. */
function includesText(raw: string, keyword: string): boolean {
  return raw.toLowerCase().includes(keyword.toLowerCase());
}

function stageOf(line: string): Stage {
  for (const { form, stage } of stages) {
    const match = form.exec(line);
    if (match) return stage(match.groups ?? {});
  }
  throw new Error(`the sandbox does not run this line of a query: ${line}`);
}

const aggregate = String.raw`(?:count|(?:sum|max)\(\w+\)|pct\(\w+, \d+\)) as \w+`;

const stages: { form: RegExp; stage: (parts: Record<string, string>) => Stage }[] = [
  {
    // …/parse-operators/parse-json-formatted-logs/ : with nodrop, what is not found is null.
    form: /^\| json field=_raw (?<keys>"[\w", ]+") as (?<names>[\w, ]+) nodrop$/,
    stage: ({ keys = "", names = "" }) => {
      const fields = list(names);
      const sources = list(keys).map((key) => key.replaceAll('"', ""));
      return (rows) => rows.map((row) => ({ ...row, ...jsonFields(row._raw, sources, fields) }));
    },
  },
  {
    // …/search-operators/where/
    form: /^\| where (?<condition>.+)$/,
    stage: ({ condition = "" }) => {
      const holds = parseCondition(condition);
      return (rows) => rows.filter(holds);
    },
  },
  {
    // …/search-operators/if/
    form: /^\| if\((?<inside>.+)\) as (?<name>\w+)$/,
    stage: ({ inside = "", name = "" }) => {
      const evaluate = parseIf(inside);
      return (rows) => rows.map((row) => ({ ...row, [name]: evaluate(row) }));
    },
  },
  {
    // …/search-operators/manually-cast-data-string-number/
    form: /^\| toLong\((?<field>\w+)\)$/,
    stage:
      ({ field = "" }) =>
      (rows) =>
        rows.map((row) => ({ ...row, [field]: toLong(row[field]) })),
  },
  {
    // …/search-operators/concat/ : a null field is an empty string.
    form: /^\| concat\((?<field>\w+), "(?<text>[^"]*)"\) as (?<name>\w+)$/,
    stage:
      ({ field = "", text = "", name = "" }) =>
      (rows) =>
        rows.map((row) => ({ ...row, [name]: `${row[field] ?? ""}${text}` })),
  },
  {
    // …/parse-operators/parse-variable-patterns-using-regex/ : with nodrop, null for each named group
    // if the pattern does not match. Other groups must be marked as not capturing.
    form: /^\| parse regex field=(?<field>\w+) "(?<pattern>(?:[^"(]|\((?=\?[:<]))+)" nodrop$/,
    stage: ({ field = "", pattern = "" }) => {
      const expression = new RegExp(pattern);
      const names = [...pattern.matchAll(/\(\?<(\w+)>/g)].map(([, name = ""]) => name);
      const parsed = (value: Row[string] | undefined): Row => {
        const groups = expression.exec(String(value ?? ""))?.groups;
        return Object.fromEntries(names.map((name) => [name, groups?.[name] ?? null]));
      };
      return (rows) => rows.map((row) => ({ ...row, ...parsed(row[field]) }));
    },
  },
  {
    // …/field-expressions/ : text is cast to numbers. A sum with a null is not documented; here it is
    // null, which no comparison accepts.
    form: /^\| (?<terms>[a-z]\w*(?: \+ [a-z]\w*)+) as (?<name>\w+)$/,
    stage: ({ terms = "", name = "" }) => {
      const fields = terms.split(" + ");
      return (rows) => rows.map((row) => ({ ...row, [name]: sum(fields.map((it) => row[it])) }));
    },
  },
  {
    // …/field-expressions/ : a constant.
    form: /^\| (?<constant>\d+(?:\.\d+)?) as (?<name>\w+)$/,
    stage:
      ({ constant, name = "" }) =>
      (rows) =>
        rows.map((row) => ({ ...row, [name]: Number(constant) })),
  },
  {
    // …/field-expressions/ : products and quotients, from left to right. A quotient with 0 is null here, since
    // Sumo Logic does not document it.
    form: /^\| (?<expression>\w+(?: [*/] \w+)+) as (?<name>\w+)$/,
    stage: ({ expression = "", name = "" }) => {
      const [first = "", ...others] = expression.split(/ (?=[*/] )/);
      const operandOf = (row: Row, operand: string) => toNumber(row[operand] ?? operand);
      return (rows) =>
        rows.map((row) => ({
          ...row,
          [name]: others.reduce<number | null>(
            (left, part) => {
              const right = operandOf(row, part.slice(2));
              if (left === null || right === null) return null;
              if (part.startsWith("*")) return left * right;
              return right === 0 ? null : left / right;
            },
            operandOf(row, first),
          ),
        }));
    },
  },
  {
    // …/search-operators/fields/ : keeps only these.
    form: /^\| fields (?<names>[\w, ]+)$/,
    stage:
      ({ names = "" }) =>
      (rows) =>
        rows.map((row) => Object.fromEntries(list(names).map((it) => [it, row[it] ?? null]))),
  },
  {
    // …/search-operators/formatdate/
    form: /^\| formatDate\(toLong\((?<field>\w+)\), "yyyy-MM-dd HH:mm:ss", "UTC"\) as (?<name>\w+)$/,
    stage:
      ({ field = "", name = "" }) =>
      (rows) =>
        rows.map((row) => ({ ...row, [name]: utcText(row[field]) })),
  },
  {
    // …/search-operators/timeslice/ : slices are aligned with the clock.
    form: /^\| timeslice (?<minutes>\d+)m$/,
    stage: ({ minutes }) => {
      const sliceMs = Number(minutes) * 60_000;
      const startOf = (row: Row) => Math.floor(Number(row._messagetime) / sliceMs) * sliceMs;
      return (rows) => rows.map((row) => ({ ...row, _timeslice: startOf(row) }));
    },
  },
  {
    // …/group-aggregate-operators/ : only the aggregates and the fields they are grouped by go on.
    form: new RegExp(`^\\| (?<aggregates>${aggregate}(?:, ${aggregate})*) by (?<by>[\\w, ]+)$`),
    stage: ({ aggregates = "", by = "" }) => {
      const groupFields = list(by);
      const columns = (aggregates.match(new RegExp(aggregate, "g")) ?? []).map(aggregateOf);
      return (rows) =>
        [...Map.groupBy(rows, (row) => JSON.stringify(groupFields.map((it) => row[it])))].map(
          ([, group]) => ({
            ...Object.fromEntries(groupFields.map((it) => [it, group[0]?.[it] ?? null])),
            ...Object.fromEntries(columns.map(({ name, combine }) => [name, combine(group)])),
          }),
        );
    },
  },
  {
    // …/search-operators/sort/
    form: /^\| sort by (?<field>\w+) (?<order>asc|desc)$/,
    stage: ({ field = "", order }) => {
      const sign = order === "desc" ? -1 : 1;
      return (rows) => rows.toSorted((a, b) => sign * (Number(a[field]) - Number(b[field])));
    },
  },
];

/** One column of an aggregate; null is no value, so `sum` and `max` leave it out. */
function aggregateOf(text: string): { name: string; combine: (group: Row[]) => Row[string] } {
  const form =
    /^(?:(?<count>count)|(?<operator>sum|max|pct)\((?<field>\w+)(?:, (?<percent>\d+))?\)) as (?<name>\w+)$/;
  const parts = form.exec(text)?.groups ?? {};
  const { count, operator, field = "", percent, name = "" } = parts;
  if (count) return { name, combine: (group) => group.length };
  if (operator === "pct") {
    return { name, combine: (group) => percentile(group, field, Number(percent)) };
  }
  const add = (a: number, b: number) => (operator === "sum" ? a + b : Math.max(a, b));
  return {
    name,
    combine(group) {
      const numbers = group.map((row) => toNumber(row[field])).filter((it) => it !== null);
      return numbers.length > 0 ? numbers.reduce(add) : null;
    },
  };
}

/** The smallest value that at least `percent` of all are not above; Sumo Logic estimates it. */
function percentile(group: Row[], field: string, percent: number): number | null {
  const numbers = group
    .map((row) => toNumber(row[field]))
    .filter((it) => it !== null)
    .sort((a, b) => a - b);
  return numbers[Math.max(0, Math.ceil((numbers.length * percent) / 100) - 1)] ?? null;
}

/** Milliseconds since 1970 as `2026-01-31 23:59:59`. */
function utcText(value: Row[string] | undefined): string | null {
  const ms = toNumber(value);
  return ms === null ? null : new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

function sum(values: readonly (Row[string] | undefined)[]): number | null {
  const numbers = values.map(toNumber).filter((value) => value !== null);
  return numbers.length === values.length ? numbers.reduce((a, b) => a + b, 0) : null;
}

function toLong(value: Row[string] | undefined): bigint | null {
  const number = toNumber(value);
  return number === null ? null : BigInt(Math.trunc(number));
}

function list(text: string): string[] {
  return text.split(",").map((item) => item.trim());
}

/** `nodrop`: a message that is not JSON, or has no such key, stays, with null. */
function jsonFields(raw: Row[string] | undefined, keys: string[], names: string[]): Row {
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(raw));
  } catch {
    parsed = undefined;
  }
  const record = Object(parsed) as Record<string, unknown>;
  return Object.fromEntries(
    names.map((name, index) => {
      const key = keys[index] ?? "";
      const value = Object.hasOwn(record, key) ? record[key] : null;
      return [name, textOf(value)];
    }),
  );
}

/** Lists and objects stay JSON. */
function textOf(value: unknown): string | null {
  if (value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
