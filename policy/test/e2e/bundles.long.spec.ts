import { expect } from "chai";
import { type Bundle, bundlesOf } from "../bundles/make.ts";
import { callsOfTexts } from "../code/support.ts";

/** What the pack reads in a bundle. */
async function callsOfBundle({ bundler, text }: Bundle) {
  const { calls, unresolved } = await callsOfTexts({ "index.mjs": text });
  const required = calls.filter(({ needs }) => needs.length > 0);
  return { bundler, required, calls, unresolved };
}

const bundlers = [
  "esbuild",
  "esbuild, minified, CommonJS",
  "esbuild, minified",
  "rollup",
  "webpack, development",
  "webpack, production",
];

describe("a bundle with a library that calls AWS", () => {
  it("requires only the command that the function creates", async () => {
    const bundles = await Promise.all((await bundlesOf("lib-dynamodb")).map(callsOfBundle));

    expect(bundles.map(({ bundler }) => bundler)).to.deep.equal(bundlers);
    for (const { bundler, required, calls, unresolved } of bundles) {
      expect(
        required.map(({ needs, variables }) => ({ needs, variables })),
        bundler,
      ).to.deep.equal([{ needs: [["dynamodb:GetItem"]], variables: ["TABLE_NAME"] }]);
      expect(unresolved, bundler).to.deep.equal([]);
      expect(calls.length, bundler).to.be.greaterThan(1);
    }
  });

  it("requires nothing that only the library's code mentions", async () => {
    const bundles = await Promise.all((await bundlesOf("powertools")).map(callsOfBundle));

    expect(bundles.map(({ bundler }) => bundler)).to.deep.equal(bundlers);
    for (const { bundler, required, calls, unresolved } of bundles) {
      expect(required, bundler).to.deep.equal([]);
      const possible = calls.flatMap(({ mayUse }) => mayUse);
      expect(possible, bundler).to.include("ssm:GetParameter");
      expect(unresolved, bundler).to.deep.equal([]);
    }
  });

  it("is not comparable if the library signs requests itself", async () => {
    const bundles = await Promise.all((await bundlesOf("aws4")).map(callsOfBundle));

    expect(bundles.map(({ bundler }) => bundler)).to.deep.equal(bundlers);
    for (const { bundler, unresolved } of bundles) {
      expect(unresolved, bundler).to.deep.equal([
        "its code signs requests itself (index.mjs), so any call is possible",
      ]);
    }
  });
});
