import { expect } from "chai";
import { strFromU8, unzipSync } from "fflate";
import { zipOf } from "../../sandbox/providers/aws-lambda.ts";
import { archive } from "./support.ts";

describe("zipOf", () => {
  const code = archive("h1", { "__index.js": "exports.handler = 1;" });

  it("packs the files of the archive", () => {
    const files = Object.entries(unzipSync(zipOf(code)));

    expect(files.map(([name, content]) => [name, strFromU8(content)])).to.deep.equal([
      ["__index.js", "exports.handler = 1;"],
    ]);
  });

  it("makes the same bytes of the same files, whenever it runs", () => {
    const { now } = Date;
    Date.now = () => Date.parse("2030-01-01T00:00:00Z");
    try {
      expect(Buffer.from(zipOf(code)).toString("hex", 10, 14)).to.equal("00602100");
    } finally {
      Date.now = now;
    }
  });
});
