import { expect } from "chai";
import { parseMode } from "../../../operate/mode/request.ts";

describe("parseMode", () => {
  for (const [words, expected] of [
    ["", { kind: "show", stack: undefined, instance: undefined }],
    ["--stack dev", { kind: "show", stack: "dev", instance: undefined }],
    ["--instance i-0000000a", { kind: "show", stack: undefined, instance: "i-0000000a" }],
    [
      "on --instance i-0000000a",
      {
        kind: "set",
        stack: undefined,
        instance: "i-0000000a",
        mode: "on",
        reason: "",
        forMs: undefined,
      },
    ],
    [
      "on",
      {
        kind: "set",
        stack: undefined,
        instance: undefined,
        mode: "on",
        reason: "",
        forMs: undefined,
      },
    ],
    [
      "off --reason release",
      {
        kind: "set",
        stack: undefined,
        instance: undefined,
        mode: "off",
        reason: "release",
        forMs: undefined,
      },
    ],
    [
      "off --reason release --for 2h --stack dev",
      {
        kind: "set",
        stack: "dev",
        instance: undefined,
        mode: "off",
        reason: "release",
        forMs: 7_200_000,
      },
    ],
    [
      "dryrun --reason trial --for 30m",
      {
        kind: "set",
        stack: undefined,
        instance: undefined,
        mode: "dryrun",
        reason: "trial",
        forMs: 1_800_000,
      },
    ],
    [
      "off --reason holidays --for 30d",
      {
        kind: "set",
        stack: undefined,
        instance: undefined,
        mode: "off",
        reason: "holidays",
        forMs: 2_592_000_000,
      },
    ],
  ] as const) {
    it(`reads "${words}"`, () => {
      expect(parseMode(words.split(" ").filter(Boolean))).to.deep.equal(expected);
    });
  }

  for (const [words, problem] of [
    ["Off --reason x", 'unknown mode "Off"'],
    ["stop --reason x", 'unknown mode "stop"'],
    ["off", "off needs a reason"],
    ["dryrun", "dryrun needs a reason"],
    ["--reason x", "the mode is missing"],
    ["--for 2h", "the mode is missing"],
    ["on --for 2h", "--for needs the mode off or dryrun"],
    ["off now --reason x", "unknown words now"],
    [
      "off --reason x --for 0m",
      '--for must be a duration, for example 30m, 2h or 1d, at most 30d: got "0m"',
    ],
    ["off --reason x --for 31d", "at most 30d"],
    ["off --reason x --for 2", "at most 30d"],
    ["off --reason x --for 2w", "at most 30d"],
    [`off --reason ${"x".repeat(201)}`, "at most 200 characters"],
  ] as const) {
    it(`refuses "${words.slice(0, 40)}", and says how it is used`, () => {
      expect(() => parseMode(words.split(" ")))
        .to.throw(problem)
        .with.property("message")
        .that.includes("expected: npm run mode");
    });
  }

  it("refuses a reason of blanks, and options that nobody knows", () => {
    expect(() => parseMode(["off", "--reason", "  "])).to.throw("off needs a reason");
    expect(() => parseMode(["off", "--force"])).to.throw("Unknown option '--force'");
  });
});
