import { readFileSync } from "node:fs";
import { expect } from "chai";
import { findingsFile, run } from "../any-program/run.ts";

/** Tests that the pack reports of each program what its file of findings has. */
export function itReportsOf(names: readonly string[]): void {
  for (const name of names) {
    it(`reports of ${name} exactly its expected findings, in both previews and \`up\``, async () => {
      const expected = JSON.parse(readFileSync(findingsFile(name), "utf8"));

      expect(await run(name)).to.deep.equal(expected);
    });
  }
}
