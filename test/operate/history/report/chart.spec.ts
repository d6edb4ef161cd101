import { expect } from "chai";
import { chart } from "../../../../operate/history/report/chart.ts";
import { at, responses } from "./support.ts";

const marks = [
  { atMs: at("12:05:00"), name: "reboot" },
  { atMs: at("12:16:00"), name: "recovered" },
];

/** The words in the picture, in the order of its elements. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text);
}

describe("chart", () => {
  const svg = chart(responses, marks, 760).text;

  it("names both axes, the threshold and the marks", () => {
    expect(textsOf(svg)).to.deep.equal([
      ...["0", "2", "4", "6", "8"],
      ...["11:45", "11:50", "11:55", "12:00", "12:05", "12:10", "12:15", "12:20", "12:25"],
      ...[
        "slow responses",
        "time (UTC)",
        "threshold: more than 5",
        "reboot 12:05",
        "recovered 12:16",
      ],
    ]);
  });

  it("has fewer times where there is less room", () => {
    expect(textsOf(chart(responses, marks, 340).text).slice(5, 9)).to.deep.equal([
      "11:50",
      "12:00",
      "12:10",
      "12:20",
    ]);
  });

  it("draws a bar for each slice with slow responses, on the scale of its axis", () => {
    // 154 units high for 8 responses, between 38 and 746 for 42 minutes.
    expect(svg.match(/<rect[^>]*>/g)).to.deep.equal([
      '<rect class="bar" x="290.9" y="167.5" width="15.8" height="38.5"/>',
      '<rect class="bar" x="358.3" y="129" width="15.8" height="77"/>',
    ]);
  });

  it("draws the line of the window's count from the left to the right end", () => {
    const [, line = ""] = /<path class="count" d="([^"]*)"/.exec(svg) ?? [];

    expect(line)
      .to.match(/^M38,206H54\.9/)
      .and.match(/H746$/);
    expect(line).to.include("V167.5").and.include("V90.5");
  });

  it("draws the whole line of a long time", () => {
    const day = { ...responses, fromMs: at("00:00:00"), toMs: at("23:59:00") };

    const [, line = ""] = /<path class="count" d="([^"]*)"/.exec(chart(day, [], 760).text) ?? [];

    expect(line).to.match(/^M38,206[HV\d.]+H746$/);
    expect(line.length).to.be.above(10_000);
  });

  it("describes itself for people who do not see it", () => {
    expect(svg).to.include(
      'role="img" aria-label="Slow responses from 11:44 to 12:26 UTC; at most 6 in 10 minutes, at 12:03; the alert&#39;s threshold is more than 5; reboot at 12:05; recovered at 12:16"',
    );
  });

  it("draws no mark outside its time", () => {
    const late = [
      { atMs: at("13:00:00"), name: "recovered" },
      { atMs: Number.NaN, name: "reboot" },
    ];

    expect(chart(responses, late, 760).text).not.to.include('class="mark"');
  });

  for (const [what, counts, ticks] of [
    ["nothing was slow", [], ["0", "2", "4", "6", "8"]],
    ["hundreds were slow", [400], ["0", "100", "200", "300", "400", "500"]],
    ["thousands were slow", [2_500], ["0", "500", "1000", "1500", "2000", "2500", "3000"]],
  ] as const) {
    it(`has round numbers on its axis if ${what}`, () => {
      const slices = counts.map((count) => ({ startMs: at("12:00:00"), count, worstSeconds: 4 }));

      const texts = textsOf(chart({ ...responses, slices }, [], 760).text);

      expect(texts.slice(0, texts.indexOf("11:45"))).to.deep.equal(ticks);
    });
  }

  it("escapes the names of marks", () => {
    const hostile = [{ atMs: at("12:00:00"), name: '"><script>' }];

    expect(chart(responses, hostile, 760).text).not.to.include("<script");
  });
});
