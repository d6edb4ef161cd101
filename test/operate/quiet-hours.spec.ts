import { expect } from "chai";
import { drill } from "../../operate/drill/drill.ts";
import { describeQuietHours } from "../../operate/quiet-hours.ts";
import { ports, stack } from "./drill/support.ts";

describe("describeQuietHours", () => {
  for (const [what, time, line] of [
    [
      "now and next",
      "2026-11-28T02:30:00Z",
      "quiet hours (Sat 02:00-04:00 Europe/Berlin): now, until 2026-11-28T03:00:00.000Z; next from 2026-12-05T01:00:00.000Z until 2026-12-05T03:00:00.000Z",
    ],
    [
      "next",
      "2026-11-28T03:00:00Z",
      "quiet hours (Sat 02:00-04:00 Europe/Berlin): next from 2026-12-05T01:00:00.000Z until 2026-12-05T03:00:00.000Z",
    ],
  ] as const) {
    it(`says when it is quiet ${what}`, () => {
      expect(describeQuietHours("Sat 02:00-04:00 Europe/Berlin", Date.parse(time))).to.equal(line);
    });
  }

  for (const [text, time, next] of [
    [
      "Sun 02:30-03:30 Europe/Berlin",
      "2026-03-28T12:00:00Z",
      "next from 2026-03-29T01:00:00.000Z until 2026-03-29T01:30:00.000Z",
    ],
    [
      "Sun 02:00-03:00 Europe/Berlin",
      "2026-03-28T12:00:00Z",
      "next from 2026-04-05T00:00:00.000Z until 2026-04-05T01:00:00.000Z",
    ],
    [
      "Daily 02:00-03:00 UTC, Sat 12:00-13:00 UTC",
      "2026-11-28T03:00:30Z",
      "next from 2026-11-28T12:00:00.000Z until 2026-11-28T13:00:00.000Z",
    ],
    ["Sat 02:00-02:00 UTC", "2026-11-28T03:00:30Z", "next in more than two weeks"],
  ] as const) {
    it(`finds the next ones after ${time}: ${text}`, () => {
      expect(describeQuietHours(text, Date.parse(time))).to.equal(`quiet hours (${text}): ${next}`);
    });
  }

  it("says what the function does if they cannot be read", () => {
    expect(describeQuietHours("Sat 02:00-04:00 Mars", 0)).to.equal(
      "quiet hours (Sat 02:00-04:00 Mars) cannot be read, so no alert reboots",
    );
  });
});

describe("the drill", () => {
  async function linesOf(quietHours?: string): Promise<string[]> {
    const lines: string[] = [];
    const given = { stack: { ...stack, ...(quietHours !== undefined && { quietHours }) } };
    const options = {
      notify: false,
      reboot: undefined,
      ask: async () => "",
      say: (line: string) => lines.push(line),
    };
    await drill(ports(given), options);
    return lines.filter((line) => line.startsWith("quiet hours"));
  }

  it("shows the quiet hours of a stack", async () => {
    expect(await linesOf("Thu 13:00-14:00 UTC")).to.deep.equal([
      "quiet hours (Thu 13:00-14:00 UTC): next from 2026-01-01T13:00:00.000Z until 2026-01-01T14:00:00.000Z",
    ]);
  });

  it("shows none of a stack without quiet hours", async () => {
    expect(await linesOf()).to.deep.equal([]);
  });
});
