import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { licensesOf } from "../build/licenses.ts";
import { policyFolder } from "./support.ts";

describe("the licenses of the pack", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "licenses-"));
    mkdirSync(join(folder, "dist"));
    writeFileSync(join(folder, "dist", "package.json"), '{ "type": "commonjs" }');
    writeFileSync(join(folder, "LICENSE.md"), "Do as you like.\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const withLicense = (license: string) =>
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: "lib", version: "1.2.3", license }),
    );
  const files = () => [join(folder, "dist", "index.js"), join(folder, "dist", "other.js")];

  it("have name, version and text of each package once", () => {
    withLicense("MIT");
    expect(licensesOf(files())).to.equal("lib 1.2.3 (MIT)\n\nDo as you like.\n\n");
  });

  it("may be several", () => {
    withLicense("(BSD-3-Clause AND Apache-2.0)");
    expect(licensesOf(files())).to.include("lib 1.2.3");
  });

  for (const license of ["AGPL-3.0", "(MIT AND GPL-3.0)", "SEE LICENSE IN LICENSE"]) {
    it(`are permissive: the build fails for ${license}`, () => {
      withLicense(license);
      expect(() => licensesOf(files())).to.throw(`lib 1.2.3 has the license ${license}`);
    });
  }

  it("are its own one besides, as that of the repository", () => {
    const [own, ofRepository] = [policyFolder, join(policyFolder, "..")].map((it) =>
      readFileSync(join(it, "LICENSE"), "utf8"),
    );
    expect(own).to.equal(ofRepository);
  });
});
