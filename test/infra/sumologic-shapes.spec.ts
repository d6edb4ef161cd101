import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Registered } from "../../sandbox/engine/mocks.ts";
import { runProgram } from "./mocks.ts";

interface Shape {
  readonly properties: Record<string, string>;
  readonly required: string[];
}

const schema: { resources: Record<string, Shape>; types: Record<string, Shape> } = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "fixtures", "sumologic", "schema.json"), "utf8"),
);

/** What of `value` the provider does not take: unknown properties, missing ones, wrong types. */
function misfits(path: string, value: unknown, shape: Shape): string[] {
  const given = value as Record<string, unknown>;
  const missing = shape.required.filter((key) => given[key] === undefined);
  return [
    ...missing.map((key) => `${path}.${key} is missing`),
    ...Object.entries(given).flatMap(([key, inner]) => {
      const expected = shape.properties[key];
      const where = `${path}.${key}`;
      if (!expected) return [`${where} does not exist`];
      const nested = schema.types[expected];
      if (nested) return [inner].flat().flatMap((it) => misfits(where, it, nested));
      const actual = Array.isArray(inner) ? "array" : typeof inner;
      return actual === expected ? [] : [`${where} is ${actual}, not ${expected}`];
    }),
  ];
}

describe("the Sumo Logic resources", () => {
  let resources: Registered[];
  before(async () => {
    const { registered } = await runProgram({ dashboard: "true" });
    resources = registered.filter(({ type }) => type.startsWith("sumologic:"));
  });

  it("are of the seven types whose shapes are known", () => {
    expect([...new Set(resources.map(({ type }) => type))]).to.have.members(
      Object.keys(schema.resources),
    );
  });

  it("have only properties that the provider has, of its types, and all that it requires", () => {
    const wrong = resources.flatMap(({ type, inputs }) =>
      misfits(type, inputs, schema.resources[type] ?? { properties: {}, required: [] }),
    );

    expect(wrong).to.deep.equal([]);
  });

  it("are checked: a misspelt property would be found at any depth", () => {
    const shape = schema.resources["sumologic:index/logSearch:LogSearch"];
    const timeRange = { beginBoundedTimeRange: { form: {} } };

    expect(
      misfits("it", { queryString: 1, parentId: "x", timeRange }, shape as Shape),
    ).to.deep.equal([
      "it.queryString is number, not string",
      "it.timeRange.beginBoundedTimeRange.from is missing",
      "it.timeRange.beginBoundedTimeRange.form does not exist",
    ]);
  });
});
