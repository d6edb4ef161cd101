import { expect } from "chai";
import fc from "fast-check";
import { loadProgram } from "../../sandbox/program.ts";
import { settings as good } from "./mocks.ts";

const { parseSettings } =
  loadProgram<typeof import("../../infra/settings.ts")>("infra/settings.ts");

type Schedule = Readonly<
  Partial<
    Record<"windowMinutes" | "checkEveryMinutes" | "maxChecks" | "cooldownMinutes", number | string>
  >
>;

/** The schedule of the default settings with these changes. */
function parse(changes: Schedule) {
  const entries = Object.entries({ ...good, ...changes });
  return parseSettings(
    new Map(entries.map(([key, value]) => [key, { text: String(value), isSecret: true }])),
    { project: "reboot-automation", stack: "dev" },
  );
}

function problemsOf(changes: Schedule): string[] {
  try {
    parse(changes);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").filter((line) => line.startsWith("- "));
  }
}

const windows = [2, 5, 10, 15, 30, 60, 180, 360, 720, 1440];
const everyMinutes = Array.from({ length: 15 }, (_, index) => index + 1);
const combinations = windows.flatMap((windowMinutes) =>
  everyMinutes.map((checkEveryMinutes) => ({ windowMinutes, checkEveryMinutes })),
);
const isPossible = ({ windowMinutes, checkEveryMinutes }: (typeof combinations)[number]) =>
  200 * checkEveryMinutes >= 2 * windowMinutes + 5;

/** What must hold of every accepted schedule. */
function expectValid({
  rule,
  checkEveryMinutes,
  maxChecks,
  cooldownMinutes,
}: ReturnType<typeof parse>) {
  const checkedMinutes = checkEveryMinutes * maxChecks;
  expect(checkedMinutes).to.be.at.least(Math.max(12, 2 * rule.windowMinutes + 5));
  expect(cooldownMinutes).to.be.above(rule.windowMinutes + 2);
  expect(cooldownMinutes).to.be.above(checkedMinutes);
  expect(maxChecks).to.be.within(2, 200);
  expect(cooldownMinutes).to.be.within(5, 4320);
}

/** The changes with each refused number set to the one that its error names. */
function corrected(changes: Schedule): Schedule {
  const named = problemsOf(changes).map((line) => {
    const [, key = "", least, below] =
      /^- (\w+): got \d+; expected (?:at least (\d+)|more than (\d+))/.exec(line) ?? [];
    return [key, least === undefined ? Number(below) + 1 : Number(least)];
  });
  return { ...changes, ...Object.fromEntries(named) };
}

describe("the schedule of checks", () => {
  for (const [windowMinutes, checkEveryMinutes, maxChecks, cooldownMinutes] of [
    [10, 3, 9, 30],
    [2, 3, 4, 20],
    [2, 15, 2, 40],
    [15, 3, 12, 40],
    [30, 3, 22, 70],
    [60, 3, 42, 130],
    [60, 1, 125, 130],
    [180, 2, 183, 370],
    [360, 4, 182, 730],
    [1440, 15, 193, 2900],
  ] as const) {
    it(`is ${maxChecks} checks and a cool-down of ${cooldownMinutes} for a window of ${windowMinutes} minutes and a check every ${checkEveryMinutes}`, () => {
      const settings = parse({ windowMinutes, checkEveryMinutes });

      expect(settings).to.include({ maxChecks, cooldownMinutes });
    });
  }

  it("is computed for every window and every time between checks that can last long enough", () => {
    const possible = combinations.filter(isPossible);

    expect(possible).to.have.length(125);
    for (const combination of possible) expectValid(parse(combination));
  });

  for (const [windowMinutes, checkEveryMinutes, least] of [
    [180, 1, 2],
    [360, 3, 4],
    [720, 7, 8],
    [1440, 14, 15],
  ] as const) {
    it(`cannot check every ${checkEveryMinutes} minutes with a window of ${windowMinutes}, and says from when on it can`, () => {
      const problem =
        `- checkEveryMinutes: got ${checkEveryMinutes}; expected at least ${least} with ` +
        `windowMinutes ${windowMinutes}, since at most 200 checks must last ${2 * windowMinutes + 5} minutes`;

      for (const others of [{}, { maxChecks: 200 }, { cooldownMinutes: 5 }]) {
        expect(problemsOf({ windowMinutes, checkEveryMinutes, ...others })).to.deep.equal([
          problem,
        ]);
      }
      expect(problemsOf({ windowMinutes, checkEveryMinutes: least })).to.deep.equal([]);
    });
  }

  it("is valid whatever numbers are set, once each refused number is what its error names", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...combinations),
        fc.option(fc.integer({ min: 2, max: 200 }), { nil: "" }),
        fc.option(fc.integer({ min: 5, max: 4320 }), { nil: "" }),
        (combination, maxChecks, cooldownMinutes) => {
          const given: Schedule = { ...combination, maxChecks, cooldownMinutes };

          // A longer time between checks can ask for a longer cool-down, which the next error says.
          expectValid(parse(corrected(corrected(given))));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  for (const [checkEveryMinutes, maxChecks, cooldownMinutes, isRight] of [
    [3, 9, 27, false],
    [3, 9, 28, true],
    [15, 2, 30, false],
    [15, 2, 31, true],
  ] as const) {
    it(`${isRight ? "accepts" : "refuses"} a cool-down of ${cooldownMinutes} with ${maxChecks} checks every ${checkEveryMinutes} minutes`, () => {
      expect(problemsOf({ checkEveryMinutes, maxChecks, cooldownMinutes })).to.deep.equal(
        isRight
          ? []
          : [
              `- cooldownMinutes: got ${cooldownMinutes}; expected more than ${cooldownMinutes}, which is checkEveryMinutes × maxChecks (${checkEveryMinutes} × ${maxChecks}), or nothing to have it computed`,
            ],
      );
    });
  }

  for (const cooldownMinutes of [28, 600]) {
    it(`has no more checks in a cool-down of ${cooldownMinutes}`, () => {
      expect(parse({ cooldownMinutes })).to.include({ cooldownMinutes, maxChecks: 9 });
    });
  }

  it("refuses a cool-down without room for the checks that the window needs", () => {
    expect(problemsOf({ cooldownMinutes: 27 })).to.deep.equal([
      "- cooldownMinutes: got 27; expected more than 27, which is checkEveryMinutes × maxChecks (3 × 9), or nothing to have it computed",
    ]);
  });

  it("has a cool-down that is longer than the checks that are set", () => {
    expect(parse({ maxChecks: 50 })).to.include({ maxChecks: 50, cooldownMinutes: 160 });
  });

  for (const [checkEveryMinutes, maxChecks, isRight, least] of [
    [1, 24, false, 25],
    [1, 25, true, 25],
    [3, 8, false, 9],
    [3, 9, true, 9],
  ] as const) {
    it(`${isRight ? "accepts" : "refuses"} ${maxChecks} checks every ${checkEveryMinutes} minutes with a window of 10, whose alert takes longer to resolve`, () => {
      expect(problemsOf({ checkEveryMinutes, maxChecks })).to.deep.equal(
        isRight
          ? []
          : [
              `- maxChecks: got ${maxChecks}; expected at least ${least}, so that checkEveryMinutes (${checkEveryMinutes}) × maxChecks lasts 25 minutes, as windowMinutes 10 needs, or nothing to have it computed`,
            ],
      );
    });
  }
});
