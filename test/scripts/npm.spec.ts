import { expect } from "chai";
import { unpinnedPackages } from "../../scripts/npm.mjs";

const hash = `sha512-${"A".repeat(86)}==`;

describe("unpinnedPackages", () => {
  it("accepts packages with a sha512 hash, the root, workspaces, local folders and links", () => {
    const packages = {
      "": {},
      policy: {},
      "sdks/sumologic": {},
      "node_modules/@pulumi/sumologic": { resolved: "sdks/sumologic", link: true },
      "node_modules/chai": { integrity: hash },
      "sdks/sumologic/node_modules/typescript": { integrity: hash.replace("A", "+") },
    };

    expect(unpinnedPackages({ packages })).to.deep.equal([]);
  });

  for (const [name, entry, fault] of [
    ["without a hash", {}, "no sha512 integrity"],
    ["with an empty hash", { integrity: "" }, "no sha512 integrity"],
    ["with a weak hash", { integrity: "sha1-AAAA" }, "no sha512 integrity"],
    ["with no hash that npm can read", { integrity: "sha512-" }, "no sha512 integrity"],
    ["with a part of a hash", { integrity: "sha512-AAAA" }, "no sha512 integrity"],
    [
      "with a weak hash behind one that npm skips",
      { integrity: "sha512- sha1-AAAA" },
      "no sha512 integrity",
    ],
    [
      "with the address of a registry",
      { integrity: hash, resolved: "https://registry.example/chai.tgz" },
      "resolved names a registry",
    ],
    [
      "from a git repository",
      { resolved: "git+ssh://git@example.com/chai.git#0123456" },
      "no sha512 integrity",
    ],
  ] as const) {
    it(`names a package ${name}, also below a local folder`, () => {
      const packages = { "node_modules/chai": entry, "sdks/sumologic/node_modules/chai": entry };

      expect(unpinnedPackages({ packages })).to.deep.equal([
        `node_modules/chai: ${fault}`,
        `sdks/sumologic/node_modules/chai: ${fault}`,
      ]);
    });
  }
});
