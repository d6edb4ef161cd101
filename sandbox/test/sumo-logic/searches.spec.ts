import { expect } from "chai";
import { search, startApi } from "../../sumo-logic/bodies.ts";

describe("searchKind", () => {
  for (const [what, change, error] of [
    ["no name", { name: undefined }, "name: got undefined; expected text"],
    ["no query", { queryString: undefined }, "queryString: got undefined; expected text"],
    ["no folder", { parentId: undefined }, "parentId: got undefined; expected text"],
    ["a folder's number", { parentId: 170 }, "parentId: got 170; expected text"],
    [
      "no time range",
      { timeRange: undefined },
      "timeRange: got undefined; expected one with a type",
    ],
    ["a time range without type", { timeRange: {} }, "timeRange: got {}; expected one with a type"],
  ] as const) {
    it(`refuses a search with ${what}, naming the field`, () => {
      const { api, call } = startApi();

      const { status, message } = call("POST", "v1/logSearches", { ...search, ...change });

      expect([status, message]).to.deep.equal([400, error]);
      expect(api.searches.items.size).to.equal(0);
    });
  }
});
