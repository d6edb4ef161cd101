import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { fileOfBytes, fileOfPacked, UnpackError } = loadProgram<
  typeof import("../../code/source-file.ts")
>("policy/code/source-file.ts");

const text = "exports.handler = () => 1;";
const bytes = Buffer.from(text);
const size = bytes.length;
const deflated = { bytes: deflateRawSync(bytes), isDeflated: true, size };

describe("a source file", () => {
  it("has its text, unpacked from a zip file or not", () => {
    expect(fileOfBytes("a.js", bytes).text).to.equal(text);
    expect(fileOfPacked("a.js", deflated, "code.zip").text).to.equal(text);
    expect(fileOfPacked("a.js", { bytes, isDeflated: false, size }, "code.zip").text).to.equal(
      text,
    );
  });

  it("has no byte order mark in its text", () => {
    expect(fileOfBytes("a.py", Buffer.from(`\uFEFF${text}`)).text).to.equal(text);
  });

  it("has a digest of what decides its text", () => {
    const other = (data: object) =>
      fileOfPacked("a.js", { ...deflated, ...data }, "code.zip").digest;
    const digests = [
      fileOfBytes("a.js", bytes).digest,
      fileOfBytes("a.js", deflated.bytes).digest,
      other({}),
      other({ isDeflated: false }),
      other({ size: size + 1 }),
      other({ bytes }),
    ];

    expect(new Set(digests).size).to.equal(digests.length);
    expect(fileOfPacked("b.js", deflated, "other.zip").digest).to.equal(other({}));
  });

  for (const [what, data] of [
    ["more bytes than its size", { size: size - 1 }],
    ["fewer bytes than its size", { size: size + 1 }],
    ["no data", { bytes: Buffer.alloc(0) }],
    ["other data", { bytes }],
    ["data of another size that is not packed", { isDeflated: false }],
  ] as const) {
    it(`cannot be unpacked if it has ${what}`, () => {
      const file = fileOfPacked("a.js", { ...deflated, ...data }, "code.zip");

      expect(() => file.text).to.throw(UnpackError, "a.js in code.zip cannot be unpacked");
    });
  }
});
