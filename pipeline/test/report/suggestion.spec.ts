import { expect } from "chai";
import { splitMessage } from "../../report/suggestion.ts";

describe("splitMessage", () => {
  for (const [what, message, expected] of [
    ["nothing", "a: b. Fix it.", { text: "a: b. Fix it." }],
    [
      "one statement",
      'a: b. Fix it. Instead: {"Sid":"A","Action":["b:C"]}',
      { text: "a: b. Fix it.", statements: [{ Sid: "A", Action: ["b:C"] }] },
    ],
    [
      "two statements and a note of a waiver",
      'a: b. Fix it. Instead: {"Sid":"A"}, {"Sid":"B"} A waiver of x expires on 2027-03-31: {y}',
      {
        text: "a: b. Fix it. A waiver of x expires on 2027-03-31: {y}",
        statements: [{ Sid: "A" }, { Sid: "B" }],
      },
    ],
    [
      "braces and quotes in a string",
      'a. Instead: {"Sid":"}\\"{"}',
      { text: "a.", statements: [{ Sid: '}"{' }] },
    ],
    ["no JSON", "a. Instead: of that, b", { text: "a. Instead: of that, b" }],
    ["an end that is cut off", 'a. Instead: {"Sid":"A', { text: 'a. Instead: {"Sid":"A' }],
    ["other JSON", "a. Instead: [1]", { text: "a. Instead: [1]" }],
    ["nothing after the word", "a. Instead: ", { text: "a. Instead: " }],
  ] as const) {
    it(`splits a message with ${what}`, () => {
      expect(splitMessage(message)).to.deep.equal(expected);
    });
  }

  it("takes time that grows with the length alone", () => {
    const message = ` Instead: ${"{".repeat(200_000)}`.repeat(5);

    expect(splitMessage(message)).to.deep.equal({ text: message });
  });
});
