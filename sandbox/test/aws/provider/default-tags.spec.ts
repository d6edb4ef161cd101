import { expect } from "chai";
import { tagSettings, withDefaultTags } from "../../../aws/provider/default-tags.ts";
import type { ResourceType } from "../../../aws/provider/resource-type.ts";
import { unknownValue, type Values } from "../../../engine/values.ts";

describe("withDefaultTags", () => {
  const settings = (defaultTags?: Values, ignoreTags?: Values) =>
    tagSettings(
      new Map([
        ...(defaultTags ? [["defaultTags", JSON.stringify({ tags: defaultTags })] as const] : []),
        ...(ignoreTags ? [["ignoreTags", JSON.stringify(ignoreTags)] as const] : []),
      ]),
    );

  /** A type of things with these tags, in a provider with these settings. */
  function start(of: ReturnType<typeof tagSettings>, kept: Values = {}) {
    const calls: unknown[] = [];
    const thing: ResourceType = {
      inputs: ["name"],
      defaults: { limit: -1 },
      tagger: {
        list: async () => kept,
        tag: async (id, _, tags) => calls.push(["tag", id, tags]),
        untag: async (id, _, keys) => calls.push(["untag", id, keys]),
      },
      create: async () => ({ id: "t", outputs: {} }),
      read: async (_, state) => state,
      update: async (id, inputs, olds) => {
        calls.push(["update", id, inputs, olds]);
        return {};
      },
      delete: async () => {},
    };
    const { thing: type } = withDefaultTags({ thing }, () => of);
    if (!type?.complete || !type.update) throw new Error("the type has no tags");
    return { complete: type.complete, read: type.read, update: type.update, calls };
  }

  for (const [what, inputs, expected] of [
    ["without tags", { name: "a" }, { name: "a", tagsAll: { Owner: "team" } }],
    [
      "with tags",
      { tags: { Name: "a" } },
      { tags: { Name: "a" }, tagsAll: { Owner: "team", Name: "a" } },
    ],
    [
      "with another value of a default tag",
      { tags: { Owner: "me" } },
      { tags: { Owner: "me" }, tagsAll: { Owner: "me" } },
    ],
    [
      "with an unknown tag",
      { tags: { Name: unknownValue } },
      { tags: { Name: unknownValue }, tagsAll: unknownValue },
    ],
  ] as const) {
    it(`completes inputs ${what}`, () => {
      expect(start(settings({ Owner: "team" })).complete(inputs)).to.deep.equal(expected);
    });
  }

  it("completes inputs without any default tags by empty ones", () => {
    expect(start(settings()).complete({})).to.deep.equal({ tagsAll: {} });
  });

  it("reads tags without the default ones, and all", async () => {
    const type = start(settings({ Owner: "team" }), { Owner: "team", Name: "a" });

    expect(await type.read("t", { tags: { Name: "a" } })).to.deep.equal({
      tags: { Name: "a" },
      tagsAll: { Owner: "team", Name: "a" },
    });
  });

  it("reads a default tag that the program gives, too", async () => {
    const type = start(settings({ Owner: "team" }), { Owner: "team" });

    expect(await type.read("t", { tags: { Owner: "team" } })).to.deep.equal({
      tags: { Owner: "team" },
      tagsAll: { Owner: "team" },
    });
  });

  it("reads no ignored tags", async () => {
    const ignored = { keys: ["seen"], keyPrefixes: ["audit:"] };
    const type = start(settings(undefined, ignored), { seen: "1", "audit:by": "x", other: "y" });

    expect(await type.read("t", {})).to.deep.equal({
      tags: { other: "y" },
      tagsAll: { other: "y" },
    });
  });

  it("removes and sets what differs, and leaves the rest of the resource alone", async () => {
    const type = start(settings());
    const olds = { name: "a", tagsAll: { gone: "1", same: "2", changed: "3" } };
    const news = { name: "a", tagsAll: { same: "2", changed: "4", added: "5" } };

    await type.update("t", news, olds);

    expect(type.calls).to.deep.equal([
      ["untag", "t", ["gone"]],
      ["tag", "t", { changed: "4", added: "5" }],
    ]);
  });

  it("changes the resource without its tags", async () => {
    const type = start(settings());

    await type.update("t", { name: "b", tagsAll: { a: "1" } }, { name: "a", tagsAll: { a: "1" } });

    expect(type.calls).to.deep.equal([["update", "t", { name: "b" }, { name: "a" }]]);
  });

  it("changes tags and the rest of the resource at once", async () => {
    const type = start(settings());
    const olds = { name: "a", tags: { a: "1" }, tagsAll: { a: "1" } };
    const news = { name: "b", tags: { a: "2" }, tagsAll: { a: "2" } };

    await type.update("t", news, olds);

    expect(type.calls).to.deep.equal([
      ["tag", "t", { a: "2" }],
      ["update", "t", { name: "b" }, { name: "a" }],
    ]);
  });

  it("puts back a property that the program does not give", async () => {
    const type = start(settings());
    const news = { name: "a", tagsAll: {} };

    await type.update("t", news, { name: "a", limit: 0, tagsAll: {} });
    await type.update("t", news, { name: "a", limit: -1, tagsAll: {} });

    expect(type.calls).to.deep.equal([["update", "t", { name: "a" }, { name: "a", limit: 0 }]]);
  });

  it("refuses default tags for a type that the sandbox does not tag", () => {
    const key = { inputs: [] } as unknown as ResourceType;
    const types = (of: ReturnType<typeof tagSettings>) =>
      withDefaultTags({ "aws:kms/key:Key": key }, () => of)["aws:kms/key:Key"];

    expect(types(settings())?.complete?.({})).to.deep.equal({});
    expect(() => types(settings({ Owner: "team" }))?.complete?.({})).to.throw(
      "the sandbox has no default tags for aws:kms/key:Key: remove aws:defaultTags",
    );
  });
});
