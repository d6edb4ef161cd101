/** One log message: its text, category and time in milliseconds since 1970. */
export interface LogMessage {
  readonly raw: string;
  readonly sourceCategory: string;
  readonly timeMs: number;
}

/** A result row, or a message on its way through the query; absent fields are null. */
export type Row = Record<string, string | number | null>;

type Stage = (rows: Row[]) => Row[];

/**
 * Runs a query on messages that are already cut to the time range, and returns the result rows.
 *
 * Knows only the stages that this program's queries have; any other line is an error that names
 * it. Semantics: https://help.sumologic.com/docs/search/search-query-language/
 */
export function runQuery(query: string, messages: readonly LogMessage[]): Row[] {
  const [scope = "", ...lines] = query.split("\n").map((line) => line.trim());
  const found = /^_sourceCategory=([\w./-]+)(?: "([^"]+)")?$/.exec(scope);
  if (!found) throw new Error(`the sandbox does not run this query scope: ${scope}`);
  const [, category, keyword = ""] = found;
  const rows: Row[] = messages
    .filter((it) => it.sourceCategory === category && includesText(it.raw, keyword))
    .map((it) => ({ _raw: it.raw, _messagetime: it.timeMs }));
  return lines.reduce((current, line) => stageOf(line)(current), rows);
}

/** True if the query's results are aggregates, false if they are messages. */
export function isAggregate(query: string): boolean {
  return /^\s*\| count /m.test(query);
}

/** Keyword search does not look at letter case. */
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
    // …/search-operators/where/ ; text is cast where it is clear that a number is needed:
    // …/search-operators/manually-cast-data-string-number/
    form: /^\| where (?<conditions>.+)$/,
    stage: ({ conditions = "" }) => {
      const tests = conditions.split(" and ").map(conditionOf);
      return (rows) => rows.filter((row) => tests.every((test) => test(row)));
    },
  },
  {
    // …/search-operators/num/ : integers and real numbers. What other text becomes is not said; here
    // it is null, which no comparison takes.
    form: /^\| num\((?<field>\w+)\)$/,
    stage:
      ({ field = "" }) =>
      (rows) =>
        rows.map((row) => ({ ...row, [field]: toNumber(row[field]) })),
  },
  {
    // …/search-operators/timeslice/ : slices stand on the clock.
    form: /^\| timeslice (?<minutes>\d+)m$/,
    stage: ({ minutes }) => {
      const sliceMs = Number(minutes) * 60_000;
      const startOf = (row: Row) => Math.floor(Number(row._messagetime) / sliceMs) * sliceMs;
      return (rows) => rows.map((row) => ({ ...row, _timeslice: startOf(row) }));
    },
  },
  {
    // …/group-aggregate-operators/count-count-distinct-and-count-frequent/ : only aggregates go on.
    form: /^\| count as (?<count>\w+)(, max\((?<source>\w+)\) as (?<max>\w+))? by (?<by>[\w, ]+)$/,
    stage: ({ count = "", source, max, by = "" }) => {
      const groupFields = list(by);
      return (rows) =>
        [...Map.groupBy(rows, (row) => JSON.stringify(groupFields.map((it) => row[it])))].map(
          ([, group]) => ({
            ...Object.fromEntries(groupFields.map((it) => [it, group[0]?.[it] ?? null])),
            [count]: group.length,
            ...(source && max && { [max]: largest(group.map((row) => row[source] ?? null)) }),
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

/** Null, which is no value, is left out. */
function largest(values: Row[string][]): number | null {
  const numbers = values.filter((value) => value !== null).map(Number);
  return numbers.length > 0 ? numbers.reduce((a, b) => Math.max(a, b)) : null;
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
      return [name, value === null ? null : String(value)];
    }),
  );
}

function conditionOf(text: string): (row: Row) => boolean {
  const equal = /^(\w+) = "([^"]*)"$/.exec(text);
  if (equal) {
    const [, field = "", value] = equal;
    return (row) => row[field] === value;
  }
  const greater = /^(\w+) > (\d+(\.\d+)?)$/.exec(text);
  if (greater) {
    const [, field = "", value] = greater;
    return (row) => {
      const number = toNumber(row[field]);
      return number !== null && number > Number(value);
    };
  }
  throw new Error(`the sandbox does not run this condition of a query: ${text}`);
}

function toNumber(value: Row[string] | undefined): number | null {
  if (value === null || value === undefined || String(value).trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
