import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { generatedPages } from "../../scripts/docs/pages.ts";

const root = join(import.meta.dirname, "..", "..");

describe("the generated documents", () => {
  for (const [path, page] of Object.entries(generatedPages)) {
    it(`${path} is up to date`, () => {
      expect(readFileSync(join(root, path), "utf8"), "run `npm run docs`").to.equal(page());
    });
  }
});
