import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { MalformedLog, parseEvent, readEvents } from "../../report/events.ts";
import { before, changed, state } from "./logs.ts";

const step = { op: "create", type: "aws:s3/bucket:Bucket", name: "logs", new: state({}) };

describe("readEvents", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "events-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = () => join(folder, "events.json");
  const read = () => [...readEvents(folder, "events.json")];

  it("has the events of a log in their order", () => {
    writeFileSync(file(), changed);

    expect(read().map(({ kind }) => kind)).to.deep.equal([
      "before",
      "before",
      "before",
      "before",
      "before",
      "before",
      "summary",
      "end",
    ]);
  });

  const line = (value: unknown) => `${JSON.stringify(value)}\n`;
  for (const [what, write, problem] of [
    ["there is none", () => {}, "events.json is missing"],
    [
      "it is a link",
      () => symlinkSync("/etc/hostname", file()),
      "events.json is not a regular file",
    ],
    ["it is a folder", () => mkdirSync(file()), "events.json is not a regular file"],
    ["it is a pipe", () => execFileSync("mkfifo", [file()]), "events.json is not a regular file"],
    [
      "it has 1 GB",
      () => {
        writeFileSync(file(), "");
        truncateSync(file(), 1_000_000_000);
      },
      "events.json has more than 20 MB",
    ],
    [
      "it has 10 million lines",
      () => writeFileSync(file(), "{}\n".repeat(10_000_000)),
      "events.json has more than 20 MB",
    ],
    [
      "it has 5 million lines",
      () => writeFileSync(file(), "{}\n".repeat(5_000_000)),
      "events.json has more than 100,000 lines",
    ],
    [
      "a line has 6 MB",
      () => writeFileSync(file(), line({ x: "x".repeat(6_000_000) })),
      "line 1 of events.json has more than 5 MB",
    ],
    [
      "it is nested a million deep",
      () => writeFileSync(file(), `{}\n${"[".repeat(1_000_000)}\n`),
      "line 2 of events.json is nested more than 50 deep",
    ],
    [
      "its last line is cut off",
      () => writeFileSync(file(), `${line(before(step))}{"sequence":2,"cance`),
      "line 2 of events.json is not JSON",
    ],
    [
      "it has no events",
      () => writeFileSync(file(), "\u0000\n"),
      "line 1 of events.json is not JSON",
    ],
    [
      "an event is a list",
      () => writeFileSync(file(), "[]\n"),
      "line 1 of events.json is not an object",
    ],
  ] as const) {
    it(`says so where ${what}`, () => {
      write();

      expect(read).to.throw(MalformedLog, problem);
    });
  }

  it("reads nothing through a link in place of the folder", () => {
    writeFileSync(file(), changed);
    const link = join(folder, "link");
    symlinkSync(folder, link);

    expect(() => [...readEvents(link, "events.json")]).to.throw(
      MalformedLog,
      "events.json is not in a folder",
    );
  });
});

describe("parseEvent", () => {
  const parse = (event: unknown) => parseEvent(JSON.stringify(event));
  const withMetadata = (fields: object) => ({
    resourcePreEvent: { metadata: { ...before(step).resourcePreEvent.metadata, ...fields } },
  });

  it("has which properties change, whether the provider says it by name or by path", () => {
    const event = parse(
      withMetadata({
        diffs: ["tags"],
        keys: ["ami"],
        detailedDiff: { "rules[0].port": {}, '["a.b"].c': {}, size: {}, "": {} },
      }),
    );

    expect(event?.kind === "before" && event.step.changed).to.deep.equal([
      "tags",
      "ami",
      "rules",
      "a.b",
      "size",
      "",
    ]);
  });

  for (const event of [
    {},
    { preludeEvent: { config: {} } },
    { diagnosticEvent: { severity: "debug", message: "token" } },
    { somethingNew: 1 },
  ]) {
    it(`passes over ${JSON.stringify(event)}`, () => {
      expect(parse(event)).to.equal(undefined);
    });
  }

  const wrong = [1, true, "text", [], { a: 1 }];
  const fields = {
    op: [...wrong, null, "exterminate", "__proto__"],
    urn: [1, true, [], {}, null],
    old: [1, true, "text", []],
    new: [1, true, "text", []],
    diffs: [1, true, "text", {}, [1], [null]],
    keys: [1, true, "text", {}, [1]],
    detailedDiff: [1, true, "text", []],
  };
  for (const [name, values] of Object.entries(fields)) {
    for (const value of values) {
      it(`refuses a step with ${name}: ${JSON.stringify(value)}`, () => {
        expect(() => parse(withMetadata({ [name]: value }))).to.throw(MalformedLog);
      });
    }
  }

  for (const [name, values] of Object.entries({
    id: [1, {}, []],
    provider: [1, {}, []],
    inputs: [1, "text", [], true],
    outputs: [1, "text", [], true],
  })) {
    for (const value of values) {
      it(`refuses a state with ${name}: ${JSON.stringify(value)}`, () => {
        expect(() => parse(withMetadata({ new: state({}, { [name]: value }) }))).to.throw(
          MalformedLog,
        );
      });
    }
  }

  for (const event of [
    { resourcePreEvent: null },
    { resourcePreEvent: { metadata: null } },
    { resOutputsEvent: 1 },
    { policyEvent: {} },
    { policyEvent: { enforcementLevel: 1, policyName: "", message: "" } },
    { summaryEvent: 1 },
    { summaryEvent: { resourceChanges: { create: "1" } } },
    { summaryEvent: { resourceChanges: { create: 1.5 } } },
    { diagnosticEvent: 1 },
    { diagnosticEvent: { severity: "error", message: {} } },
  ]) {
    it(`refuses ${JSON.stringify(event)}`, () => {
      expect(() => parse(event)).to.throw(MalformedLog);
    });
  }

  it("treats a member called __proto__ like any other", () => {
    const text = '{"__proto__":{"resourcePreEvent":{"metadata":{}}},"sequence":1}';

    expect(parseEvent(text)).to.equal(undefined);
  });
});
