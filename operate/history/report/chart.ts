import { isTime, minuteMs } from "../../../handler/incidents/times.ts";
import { Html, html } from "./html.ts";
import { minuteOfDay } from "./moment.ts";
import { countsOf, type SlowResponses } from "./slow-responses.ts";

/** A moment that the chart marks with a line and its name. */
export interface Mark {
  readonly atMs: number;
  readonly name: string;
}

const height = 250;
const margin = { top: 52, right: 14, bottom: 44, left: 38 };
/** Of the widest characters on average, in bold. */
const characterWidth = 8;
const tickMinutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880];

/**
 * The slow responses around an incident as an SVG strip chart: bars per slice, and the count in the
 * window of the alert, which the rule compares with its threshold. `width` is in the SVG's units, which
 * are pixels where the page is at least as wide. Colors are classes of the page's style.
 */
export function chart(responses: SlowResponses, marks: readonly Mark[], width: number): Html {
  const { rule, fromMs, toMs, sliceMinutes } = responses;
  const counts = countsOf(responses);
  const threshold = rule.maxSlowResponses;
  const largest = Math.max(threshold + 1, ...counts.map(({ inWindow }) => inWindow));
  const step = stepOf(largest);
  const top = Math.ceil((largest + 0.3) / step) * step;
  const [left, right, bottom] = [margin.left, width - margin.right, height - margin.bottom];
  const x = (ms: number) => round(left + ((ms - fromMs) / (toMs - fromMs)) * (right - left));
  const y = (count: number) => round(bottom - (count / top) * (bottom - margin.top));
  const sliceMs = sliceMinutes * minuteMs;

  const yTicks = Array.from({ length: top / step + 1 }, (_, index) => index * step);
  const bars = counts
    .filter(({ count }) => count > 0)
    .map(({ startMs, count }) => {
      const barWidth = Math.max(1, x(startMs + sliceMs) - x(startMs) - 1);
      return html`<rect class="bar" x="${x(startMs)}" y="${y(count)}" width="${round(barWidth)}" height="${round(bottom - y(count))}"/>`;
    });
  const line = counts
    .map(({ startMs, inWindow }) => `H${x(startMs)}V${y(inWindow)}H${x(startMs + sliceMs)}`)
    .join("")
    .replace(/^H[\d.]+V/, `M${left},`);

  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${describe(responses, marks)}">
<g class="grid">${yTicks.map((it) => html`<path d="M${left},${y(it)}H${right}"/>`)}</g>
<g class="ticks" text-anchor="end">${yTicks.map((it) => html`<text x="${left - 6}" y="${y(it) + 4}">${it}</text>`)}</g>
<g class="ticks" text-anchor="middle">${timeTicks(responses, right - left).map(
    (it) =>
      html`<path d="M${x(it)},${bottom}v4"/><text x="${x(it)}" y="${bottom + 17}">${minuteOfDay(it)}</text>`,
  )}</g>
<text class="axis" x="4" y="14">slow responses</text>
<text class="axis" x="${right}" y="${height - 8}" text-anchor="end">time (UTC)</text>
${bars}
<path class="count" d="${new Html(line)}"/>
<path class="threshold" d="M${left},${y(threshold)}H${right}"/>
<text class="threshold-name" x="${left + 4}" y="${y(threshold) - 5}">threshold: more than ${threshold}</text>
${shownMarks(responses, marks).map(({ atMs, name }, index) => {
  const fits = x(atMs) + 4 + characterWidth * `${name} 00:00`.length <= right;
  return html`<path class="mark" d="M${x(atMs)},${bottom}V${24 + 16 * (index % 2)}"/>
<text class="mark-name" x="${x(atMs) + (fits ? 4 : -4)}" y="${32 + 16 * (index % 2)}" text-anchor="${fits ? "start" : "end"}">${name} ${minuteOfDay(atMs)}</text>`;
})}
</svg>`;
}

/** The chart in words, for people who do not see it. */
function describe(responses: SlowResponses, marks: readonly Mark[]): string {
  const { rule, fromMs, toMs } = responses;
  const counts = countsOf(responses);
  const most = Math.max(0, ...counts.map(({ inWindow }) => inWindow));
  const peak = counts.find(({ inWindow }) => inWindow === most);
  const named = shownMarks(responses, marks).map(
    ({ atMs, name }) => `${name} at ${minuteOfDay(atMs)}`,
  );
  return [
    `Slow responses from ${minuteOfDay(fromMs)} to ${minuteOfDay(toMs)} UTC`,
    `at most ${most} in ${rule.windowMinutes} minutes${most > 0 && peak ? `, at ${minuteOfDay(peak.startMs)}` : ""}`,
    `the alert's threshold is more than ${rule.maxSlowResponses}`,
    ...named,
  ].join("; ");
}

function shownMarks({ fromMs, toMs }: SlowResponses, marks: readonly Mark[]): Mark[] {
  return marks.filter(({ atMs }) => isTime(atMs) && atMs >= fromMs && atMs <= toMs);
}

/** The distance of the horizontal lines: 1, 2 or 5 times a power of ten, at most five lines. */
function stepOf(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(largest / 5));
  const step = [1, 2, 5, 10].map((it) => it * power).find((it) => largest / it <= 5);
  return Math.max(1, step ?? 1);
}

/** Round times, far enough apart for their names. */
function timeTicks({ fromMs, toMs }: SlowResponses, width: number): number[] {
  const atMost = Math.floor(width / 56);
  const minutes = tickMinutes.find((it) => (toMs - fromMs) / (it * minuteMs) <= atMost) ?? 2880;
  const stepMs = minutes * minuteMs;
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const count = Math.floor((toMs - first) / stepMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * stepMs);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
