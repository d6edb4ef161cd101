import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect } from "chai";
import { ApiError } from "../../sumo-logic/collection.ts";
import { readMessages } from "../../sumo-logic/intake.ts";

const receivedMs = 1767268800000;
const source = { category: "web" };

const read = (body: string | Buffer, headers: Record<string, string> = {}, from: object = source) =>
  readMessages(from, headers, Buffer.from(body), receivedMs);

const rawsOf = (body: string | Buffer, headers?: Record<string, string>) =>
  read(body, headers).map(({ raw }) => raw);

describe("readMessages", () => {
  it("creates a message from a line, with the source's category and the time of receipt", () => {
    expect(read("slow\n")).to.deep.equal([
      { raw: "slow", sourceCategory: "web", timeMs: 1767268800000 },
    ]);
  });

  for (const [what, body, expected] of [
    ["no line", "", []],
    ["one line without end", "a", ["a"]],
    ["several lines", "a\nb\nc\n", ["a", "b", "c"]],
    ["lines that end in \\r\\n", "a\r\nb\r\n", ["a", "b"]],
    ["empty lines between others", "a\n\n\r\n \t\nb\n\n", ["a", "b"]],
    ["empty lines alone", "\n \r\n", []],
    ["a carriage return within a line", "a\rb\n", ["a\rb"]],
    ["spaces at either end of a line, which stay", "  a \n", ["  a "]],
    ["the same line twice", "a\na\n", ["a", "a"]],
    ["other scripts", "länger\n日本\n", ["länger", "日本"]],
  ] as const) {
    it(`accepts ${what}`, () => {
      expect(rawsOf(body)).to.deep.equal(expected);
    });
  }

  const lines = Buffer.from("a\nb\n");
  for (const [encoding, body] of [
    ["identity", lines],
    ["gzip", gzipSync(lines)],
    ["deflate", deflateSync(lines)],
    ["zstd", zstdCompressSync(lines)],
  ] as const) {
    it(`reads a body of the encoding ${encoding}`, () => {
      expect(rawsOf(body, { "content-encoding": encoding })).to.deep.equal(["a", "b"]);
    });
  }

  it("decompresses once: what was compressed twice does not become the lines", () => {
    const body = gzipSync(gzipSync(lines));

    expect(rawsOf(body, { "content-encoding": "gzip" })).not.to.include("a");
  });

  for (const encoding of ["gzip", "deflate", "zstd"]) {
    for (const [what, body] of [
      ["plain text", lines],
      ["nothing", Buffer.alloc(0)],
      ["half of a gzip", gzipSync(lines).subarray(0, 12)],
    ] as const) {
      it(`refuses ${what} that says it is ${encoding}, with 400`, () => {
        expect(() => read(body, { "content-encoding": encoding }))
          .to.throw(ApiError, new RegExp(`^not ${encoding}: .`))
          .with.include({ status: 400, code: "encoding" });
      });
    }
  }

  for (const encoding of ["br", "gzip, gzip", "x-gzip", ""]) {
    it(`refuses the encoding "${encoding}" with 415, naming it`, () => {
      expect(() => read(lines, { "content-encoding": encoding }))
        .to.throw(ApiError, `unknown content encoding ${encoding}`)
        .with.include({ status: 415, code: "encoding" });
    });
  }

  for (const [what, headers, from, expected] of [
    ["the source's category", {}, source, "web"],
    [
      "the header's category before the source's",
      { "x-sumo-category": "web/new" },
      source,
      "web/new",
    ],
    ["the header's category where the source has none", { "x-sumo-category": "a" }, {}, "a"],
    ["no category where neither has one", {}, {}, ""],
  ] as [string, Record<string, string>, object, string][]) {
    it(`gives a message ${what}`, () => {
      expect(read("slow", headers, from)[0]?.sourceCategory).to.equal(expected);
    });
  }

  for (const [what, raw, expected] of [
    ["of UTC", "2026-01-01T11:00:00Z", 1767265200000],
    ["with milliseconds", "2026-01-01T11:00:00.250Z", 1767265200250],
    ["with a tenth of a second", "2026-01-01T11:00:00.5Z", 1767265200500],
    ["with microseconds", "2026-01-01T11:00:00.250987Z", 1767265200250],
    ["of another zone", "2026-01-01T12:00:00+01:00", 1767265200000],
    ["of another zone without colon", "2026-01-01T12:00:00+0100", 1767265200000],
    ["west of UTC", "2026-01-01T06:00:00-05:00", 1767265200000],
    ["in a JSON field", '{"time":"2026-01-01T11:00:00Z","path":"/"}', 1767265200000],
    ["that is the first of two", "2026-01-01T11:00:00Z after 2026-01-01T10:00:00Z", 1767265200000],
    ["in the future", "2027-01-01T11:00:00Z", 1798801200000],
  ] as const) {
    it(`uses a timestamp ${what} as the message's time`, () => {
      expect(read(raw)[0]?.timeMs).to.equal(expected);
    });
  }

  for (const raw of [
    "slow",
    "2026-01-01",
    "2026-01-01T11:00:00",
    "2026-01-01 11:00:00Z",
    "2026-13-01T11:00:00Z",
    "2026-01-01T25:00:00Z",
    '{"time":1767265200000}',
  ]) {
    it(`uses the time of receipt for ${raw}`, () => {
      expect(read(raw)[0]?.timeMs).to.equal(1767268800000);
    });
  }

  it("finds the time of each line by itself", () => {
    const times = read("2026-01-01T11:00:00Z a\nb\n").map(({ timeMs }) => timeMs);

    expect(times).to.deep.equal([1767265200000, 1767268800000]);
  });
});
