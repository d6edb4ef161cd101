import { expect } from "chai";
import fc from "fast-check";
import { loadProgram } from "../../sandbox/engine/program.ts";
import {
  critical,
  logged,
  minuteMs,
  monitor,
  noon,
  resolvedCritical,
} from "../../sandbox/sumo-logic/bodies.ts";
import { MonitorState } from "../../sandbox/sumo-logic/monitors.ts";
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

/** Of each window, for how many minutes checks go on at least. */
const leastChecked: Readonly<Record<number, number>> = {
  2: 12,
  5: 15,
  10: 25,
  15: 35,
  30: 67,
  60: 143,
  180: 383,
  360: 743,
  720: 1483,
  1440: 2923,
};
const windows = Object.keys(leastChecked).map(Number);
const everyMinutes = Array.from({ length: 15 }, (_, index) => index + 1);
const combinations = windows.flatMap((windowMinutes) =>
  everyMinutes.map((checkEveryMinutes) => ({ windowMinutes, checkEveryMinutes })),
);
const isPossible = ({ windowMinutes, checkEveryMinutes }: (typeof combinations)[number]) =>
  200 * checkEveryMinutes >= (leastChecked[windowMinutes] ?? Number.NaN);

/** What must hold of every accepted schedule. */
function expectValid({ rule, limits, checks }: ReturnType<typeof parse>) {
  const { cooldownMinutes } = limits;
  const { checkEveryMinutes, maxChecks } = checks;
  const checkedMinutes = checkEveryMinutes * maxChecks;
  expect(checkedMinutes).to.be.at.least(leastChecked[rule.windowMinutes] ?? Number.NaN);
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
    [2, 1, 12, 20],
    [5, 1, 15, 20],
    [10, 1, 25, 30],
    [15, 1, 35, 40],
    [30, 1, 67, 70],
    [30, 3, 23, 70],
    [60, 1, 143, 150],
    [60, 3, 48, 150],
    [180, 2, 192, 390],
    [360, 4, 186, 750],
    [720, 8, 186, 1490],
    [1440, 15, 195, 2930],
  ] as const) {
    it(`is ${maxChecks} checks and a cool-down of ${cooldownMinutes} for a window of ${windowMinutes} minutes and a check every ${checkEveryMinutes}`, () => {
      const { limits, checks } = parse({ windowMinutes, checkEveryMinutes });

      expect([checks.maxChecks, limits.cooldownMinutes]).to.deep.equal([
        maxChecks,
        cooldownMinutes,
      ]);
    });
  }

  it("is computed for every window and every time between checks that can last long enough", () => {
    const possible = combinations.filter(isPossible);

    expect(possible).to.have.length(125);
    for (const combination of possible) expectValid(parse(combination));
  });

  for (const [windowMinutes, checkEveryMinutes, least, minutes] of [
    [180, 1, 2, 383],
    [360, 3, 4, 743],
    [720, 7, 8, 1483],
    [1440, 14, 15, 2923],
  ] as const) {
    it(`cannot check every ${checkEveryMinutes} minutes with a window of ${windowMinutes}, and says from when on it can`, () => {
      const problem =
        `- checkEveryMinutes: got ${checkEveryMinutes}; expected at least ${least} with ` +
        `windowMinutes ${windowMinutes}, since at most 200 checks must last ${minutes} minutes`;

      for (const others of [{}, { maxChecks: 200 }, { cooldownMinutes: 5 }]) {
        expect(problemsOf({ windowMinutes, checkEveryMinutes, ...others })).to.deep.equal([
          problem,
        ]);
      }
      expect(problemsOf({ windowMinutes, checkEveryMinutes: least })).to.deep.equal([]);
    });
  }

  for (const [window, minutes] of Object.entries(leastChecked)) {
    it(`lasts until an alert without any more lines is resolved, with a window of ${window} minutes`, () => {
      const timeRange = `${window}m`;
      const triggers = [critical, resolvedCritical].map((it) => ({ ...it, timeRange }));

      // At a full minute and in the middle of one, everywhere between two evaluations.
      for (let offset = 0; offset < 20; offset += 0.5) {
        const reboot = noon + offset * minuteMs;
        const lastMatches = logged(6, reboot);
        const state = new MonitorState();
        const notified = Array.from({ length: minutes + 1 }, (_, index) =>
          state.evaluate(
            { ...monitor, triggers },
            lastMatches,
            noon + (Math.floor(offset) + index) * minuteMs,
          ),
        );

        expect(notified.flat().map(({ triggerType }) => triggerType)).to.deep.equal([
          "Critical",
          "ResolvedCritical",
        ]);
      }
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
              `- cooldownMinutes: got ${cooldownMinutes}; expected more than ${cooldownMinutes}, which is checkEveryMinutes × maxChecks (${checkEveryMinutes} × ${maxChecks}), or empty to have it computed`,
            ],
      );
    });
  }

  for (const cooldownMinutes of [28, 600]) {
    it(`has no more checks in a cool-down of ${cooldownMinutes}`, () => {
      const { limits, checks } = parse({ cooldownMinutes });

      expect([limits.cooldownMinutes, checks.maxChecks]).to.deep.equal([cooldownMinutes, 9]);
    });
  }

  it("refuses a cool-down without room for the checks that the window needs", () => {
    expect(problemsOf({ cooldownMinutes: 27 })).to.deep.equal([
      "- cooldownMinutes: got 27; expected more than 27, which is checkEveryMinutes × maxChecks (3 × 9), or empty to have it computed",
    ]);
  });

  it("has a cool-down that is longer than the checks that are set", () => {
    const { limits, checks } = parse({ maxChecks: 50 });

    expect([checks.maxChecks, limits.cooldownMinutes]).to.deep.equal([50, 160]);
  });

  for (const [windowMinutes, checkEveryMinutes, maxChecks, isRight, least, minutes] of [
    [10, 1, 24, false, 25, 25],
    [10, 1, 25, true, 25, 25],
    [10, 3, 8, false, 9, 25],
    [10, 3, 9, true, 9, 25],
    [15, 1, 34, false, 35, 35],
    [15, 1, 35, true, 35, 35],
    [30, 1, 66, false, 67, 67],
    [30, 1, 67, true, 67, 67],
    [60, 3, 47, false, 48, 143],
    [60, 3, 48, true, 48, 143],
  ] as const) {
    it(`${isRight ? "accepts" : "refuses"} ${maxChecks} checks every ${checkEveryMinutes} minutes with a window of ${windowMinutes}, whose alert can take longer to resolve`, () => {
      expect(problemsOf({ windowMinutes, checkEveryMinutes, maxChecks })).to.deep.equal(
        isRight
          ? []
          : [
              `- maxChecks: got ${maxChecks}; expected at least ${least}, so that checkEveryMinutes (${checkEveryMinutes}) × maxChecks lasts ${minutes} minutes, as windowMinutes ${windowMinutes} needs, or empty to have it computed`,
            ],
      );
    });
  }
});
