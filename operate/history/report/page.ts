import { createHash } from "node:crypto";
import type { Incident } from "../../../handler/incidents/table.ts";
import { durationText, isTime, timeText } from "../../../handler/incidents/times.ts";
import { alertsOf, type PastIncident } from "../history.ts";
import { chart } from "./chart.ts";
import { type Content, escaped, Html, html } from "./html.ts";
import { dayText, minuteOfDay, momentText, timeOfDay } from "./moment.ts";
import type { Report, ReportedStack } from "./report.ts";
import { countsOf, type SlowResponses } from "./slow-responses.ts";
import { style } from "./style.ts";
import type { Suppression } from "./suppressions.ts";
import type { Entry } from "./timeline.ts";

/** In characters; an incident's item has at most 8,000 of each e-mail. */
const longestMail = 20_000;
const mostEntries = 300;

/** The page about one incident. */
export function incidentPage(report: Report, stack: ReportedStack, nowMs: number): string {
  const { result, incident } = report;
  const title = `${result.text}: ${subjectOf(incident, stack)}`;
  return page(
    title,
    html`<header>
${badge(report)}
<h1>${title}</h1>
<p>${summary(incident)}</p>
</header>
${sections(report, stack, 2)}
${footer(stack, nowMs)}`,
  );
}

/** What an incident is about: its instance, or the alerts of a shared cause. */
function subjectOf(incident: PastIncident, stack: ReportedStack): string {
  const { cause, instanceId } = incident;
  if (cause.kind === "shared cause") return `${alertsOf(incident).length} alerts`;
  return `EC2 instance ${instanceId ?? stack.instanceIds.join(", ")}`;
}

/** The page about all incidents: an overview, then each incident, closed. */
export function indexPage(reports: readonly Report[], stack: ReportedStack, nowMs: number): string {
  const title = `Incidents of ${stack.project} (${stack.name})`;
  /** Content that only the page of a group has. */
  const inGroup = (content: Content) => (stack.instanceIds.length > 1 ? content : undefined);
  const overview = html`<div class="scroll" role="region" aria-label="Overview of the incidents" tabindex="0"><table>
<thead><tr><th scope="col">Time</th><th scope="col">Result</th>${inGroup(html`<th scope="col">Instance</th>`)}<th scope="col">Cause</th>${phaseNames.map((it) => html`<th scope="col">${it}</th>`)}</tr></thead>
<tbody>${reports.map(
    (it, index) =>
      html`<tr><td><a href="#incident-${index + 1}">${momentText(it.incident.arrivedAtMs)}</a></td><td>${badge(it)}</td>${inGroup(html`<td>${subjectOf(it.incident, stack)}</td>`)}<td>${it.incident.cause.kind}</td>${it.phases.map(({ duration }) => html`<td>${duration ?? "–"}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
  const count =
    reports.length === 1
      ? "One incident"
      : `${reports.length === 0 ? "No" : reports.length} incidents`;
  return page(
    title,
    html`<header>
<h1>${title}</h1>
<p>${count} in 90 days. The table keeps an incident for that long.</p>
</header>
${reports.length === 0 ? undefined : overview}
${reports.map(
  (report, index) => html`<details class="incident">
<summary><h2>${momentText(report.incident.arrivedAtMs)}</h2> ${badge(report)}${inGroup(html` ${subjectOf(report.incident, stack)}`)}</summary>
<div id="incident-${index + 1}">
<p>${summary(report.incident)}</p>
${sections(report, stack, 3)}
</div>
</details>
`,
)}
${footer(stack, nowMs)}`,
  );
}

const phaseNames = ["Detect", "Act", "Recover"];

function page(title: string, body: Html): string {
  const digest = createHash("sha256").update(style).digest("base64");
  // No script, no external resource, and only this style: even text that was not escaped could do nothing.
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text;
}

function badge({ result }: Report): Html {
  return html`<span class="badge ${result.tone}">${result.text}</span>`;
}

/** Cause and claim in one sentence. */
function summary({ cause, why, arrivedAtMs }: Incident): string {
  const at = momentText(arrivedAtMs);
  const quoted = why === "" ? "" : ` (${why})`;
  if (cause.kind === "quiet hours") return `Quiet hours suppressed an alert at ${at}.`;
  if (cause.kind === "shared cause") return `A shared cause was suspected at ${at}${quoted}.`;
  if (cause.kind !== "alert") return `A person asked for the reboot at ${at}${quoted}.`;
  const count =
    cause.triggerValue === undefined ? "" : ` with ${cause.triggerValue} slow responses`;
  return `An alert${quoted} arrived at ${at}${count}.`;
}

function sections(report: Report, stack: ReportedStack, level: 2 | 3): Html {
  const section = (title: string, content: Content) =>
    html`<section>
${level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
${content}
</section>
`;
  return html`${phases(report)}
${section("Slow responses", chartOrNote(report))}
${section("Timeline", timeline(report))}
${section("Suppressed in the meantime", suppressed(report))}
${section("E-mails", mails(report))}
${section("Details", details(report, stack))}`;
}

function phases({ phases: list }: Report): Html {
  return html`<dl class="phases">${list.map(
    ({ name, duration, detail }) =>
      html`<div><dt>${name}</dt><dd><strong>${duration ?? "–"}</strong><span>${detail}</span></dd></div>`,
  )}</dl>`;
}

function note(text: string): Html {
  return html`<p class="note">${text}</p>`;
}

function chartOrNote({ responses, marks }: Report): Html {
  if ("problem" in responses) return note(`There is no chart: ${responses.problem}`);
  const { rule, sliceMinutes } = responses.value;
  const slice = sliceMinutes === 1 ? "minute" : `${sliceMinutes} minutes`;
  return html`<figure>
<div class="wide">${chart(responses.value, marks, 760)}</div>
<div class="narrow">${chart(responses.value, marks, 340)}</div>
<figcaption>Responses of ${rule.apiPath} over ${rule.slowResponseSeconds} s. <span class="key bar">Bars: per ${slice}.</span> <span class="key count">Line: in the last ${rule.windowMinutes} minutes.</span> <span class="key threshold">Dashes: the alert's current threshold.</span></figcaption>
</figure>
${chartData(responses.value)}`;
}

function chartData(responses: SlowResponses): Html {
  const rows = countsOf(responses).filter(({ count }) => count > 0);
  if (rows.length === 0) return note("No response was slow in this period.");
  const worst = new Map(responses.slices.map((it) => [it.startMs, it.worstSeconds]));
  return html`<details><summary>The chart's numbers</summary>
<table><thead><tr><th scope="col">From (UTC)</th><th scope="col">Slow responses</th><th scope="col">Slowest (s)</th><th scope="col">In the last ${responses.rule.windowMinutes} minutes</th></tr></thead>
<tbody>${rows.map(({ startMs, count, inWindow }) => html`<tr><td>${minuteOfDay(startMs)}</td><td>${count}</td><td>${String(worst.get(startMs) ?? "")}</td><td>${inWindow}</td></tr>`)}</tbody></table></details>`;
}

function timeline({ timeline: entries, logNote }: Report): Html {
  const shown = entries.slice(0, mostEntries);
  const left = entries.length - shown.length;
  return html`${logNote === undefined ? undefined : note(logNote)}
<ol class="timeline">${shown.map((it, index) => timelineEntry(it, shown[index - 1]))}</ol>
${left > 0 ? note(`${left} more entries are in the function's log.`) : undefined}`;
}

/** With the day, unless it is that of the entry before. */
function timelineEntry({ atMs, kind, what, reason }: Entry, before: Entry | undefined): Html {
  const day = isTime(atMs) ? dayText(atMs) : undefined;
  const isNewDay = before === undefined || !isTime(before.atMs) || dayText(before.atMs) !== day;
  const time = isTime(atMs)
    ? html`<time datetime="${timeText(atMs)}">${timeOfDay(atMs)}</time>`
    : html`<span class="time">unknown</span>`;
  const why = reason === undefined ? undefined : html`<p>${reason}</p>`;
  return html`<li class="${kind}">${day && isNewDay ? html`<span class="day">${day}</span>` : undefined}${time} <span class="kind">${kind}</span> <div><strong>${what}</strong>${why}</div></li>
`;
}

function suppressed({ suppressions, logNote }: Report): Html {
  if (suppressions.length === 0) {
    const text = logNote === undefined ? "Nothing was suppressed." : "Unknown: see the timeline.";
    return html`<p>${text}</p>`;
  }
  return html`<ul class="plain">${suppressions.map(suppression)}</ul>`;
}

function suppression({ by, count, firstMs, lastMs, reason }: Suppression): Html {
  const times =
    count === 1 ? `at ${momentText(firstMs)}` : `${momentText(firstMs)} to ${momentText(lastMs)}`;
  return html`<li><strong>${count} ${count === 1 ? "request" : "requests"} ${by}</strong>, ${times}<p>${reason}</p></li>`;
}

function mails({ incident, mailNote }: Report): Html {
  const { mails: sent } = incident;
  return html`${mailNote === undefined ? undefined : note(mailNote)}
${sent.map(
  ({ atMs, subject, text }) => html`<article class="e-mail">
<p><strong>${subject}</strong><br>${momentText(atMs)}</p>
<pre tabindex="0">${escaped(text, longestMail)}</pre>
</article>
`,
)}`;
}

function details({ incident, code }: Report, stack: ReportedStack): Html {
  const { id, cause, instanceId, checkCount, closedAtMs, arrivedAtMs, evidence } = incident;
  const alertUrl = cause.kind === "alert" ? cause.alertUrl : undefined;
  const rows: [string, Content][] = [
    ["Incident", id],
    cause.kind === "shared cause"
      ? ["Alerts", alertsOf(incident).join(", ")]
      : ["Instance", instanceId ?? `${stack.instanceIds.join(", ")} (the item names none)`],
    ["Stack", `${stack.project}, ${stack.name}`],
    ["Region", stack.region],
    ...(alertUrl === undefined
      ? []
      : [["Alert", html`<a href="${alertUrl}">${alertUrl}</a>`] as [string, Content]]),
    [
      "Duration",
      closedAtMs === undefined ? "not closed yet" : durationText(closedAtMs - arrivedAtMs),
    ],
    ["Health checks", checkCount],
    ["Function", code],
    ...(evidence === undefined
      ? []
      : [["Evidence", evidenceLink(evidence, id, stack)] as [string, Content]]),
  ];
  return html`<dl class="details">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A link to the S3 console, which asks for a login: the captured text is not part of the report. */
function evidenceLink(evidence: string, id: string, { region, evidenceBucket }: ReportedStack) {
  if (evidenceBucket === undefined) return evidence;
  const address = new URL(
    `https://${region}.console.aws.amazon.com/s3/buckets/${encodeURIComponent(evidenceBucket.toWellFormed())}`,
  );
  address.searchParams.set("region", region);
  address.searchParams.set("prefix", `incident/${id}/`);
  return html`<a href="${address.href}">${evidence}</a>, for 30 days`;
}

function footer({ project, name }: ReportedStack, nowMs: number): Html {
  return html`<footer><p>Written at ${momentText(nowMs)} by <code>npm run history</code> for the stack ${name} of ${project}. All times are UTC.</p></footer>`;
}
