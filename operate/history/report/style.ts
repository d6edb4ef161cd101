/** The style of the page, light and dark, on a screen, a phone and paper. */
export const style = `
:root { color-scheme: light dark; --text: #1f2328; --muted: #57606a; --page: #ffffff; --panel: #f6f8fa;
  --line: #d0d7de; --link: #0550ae; --good: #116329; --bad: #a40e26; --unclear: #7a4d00;
  --bar: #8c959f; --count: #0550ae; --threshold: #a40e26; --mark: #116329; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --muted: #9da7b3; --page: #0d1117; --panel: #161b22; --line: #3d444d;
    --link: #79c0ff; --good: #56d364; --bad: #ff8b85; --unclear: #e3b341;
    --bar: #6e7681; --count: #79c0ff; --threshold: #ff8b85; --mark: #56d364; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 50rem; margin: 0 auto; padding: 1.5rem 1.25rem 2rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .6rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0; }
a { color: var(--link); }
.badge { display: inline-block; padding: .05rem .6rem; border: 1px solid; border-radius: 1rem;
  font-size: .875rem; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); } .unclear { color: var(--unclear); }
.note { padding: .6rem .8rem; background: var(--panel); border-left: 4px solid var(--unclear); }
.phases { display: grid; grid-template-columns: repeat(3, 1fr); gap: .75rem; margin: 1.25rem 0; }
.phases div { padding: .6rem .8rem; background: var(--panel); border-radius: .4rem; }
.phases dt { color: var(--muted); font-size: .875rem; }
.phases dd { margin: 0; } .phases strong { display: block; font-size: 1.3rem; }
.phases span { color: var(--muted); font-size: .875rem; }
figure { margin: 0; } figcaption { color: var(--muted); font-size: .875rem; }
.chart { display: block; width: 100%; height: auto; font-size: 12px; } .narrow { display: none; }
.chart text { fill: var(--text); } .chart .ticks text, .chart .axis { fill: var(--muted); }
.grid path, .ticks path { stroke: var(--line); fill: none; }
.chart .bar { fill: var(--bar); }
.chart .count { stroke: var(--count); stroke-width: 2; fill: none; }
.chart .threshold { stroke: var(--threshold); stroke-width: 1.5; stroke-dasharray: 6 4; fill: none; }
.chart .mark { stroke: var(--mark); stroke-width: 1.5; fill: none; }
.chart .threshold-name, .chart .mark-name { paint-order: stroke; stroke: var(--page); stroke-width: 4px; }
.chart .threshold-name { fill: var(--threshold); } .chart .mark-name { fill: var(--mark); font-weight: 600; }
.key::before { content: ""; display: inline-block; width: .9rem; margin-right: .3rem; vertical-align: middle; }
.key.bar::before { border: .35rem solid var(--bar); }
.key.count::before { border-top: 3px solid var(--count); }
.key.threshold::before { border-top: 3px dashed var(--threshold); }
table { border-collapse: collapse; font-size: .875rem; margin: .5rem 0; }
th, td { padding: .25rem .6rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--panel); } .scroll { overflow-x: auto; } .scroll td, .scroll th { white-space: nowrap; }
.timeline, .plain { list-style: none; margin: 0; padding: 0; }
.timeline li { display: grid; grid-template-columns: 4.6rem 4.6rem 1fr; gap: .25rem .75rem; padding: .5rem 0;
  border-top: 1px solid var(--line); }
.timeline li:first-child { border-top: 0; }
.timeline p, .plain p { color: var(--muted); font-size: .9rem; }
time, .time { font-variant-numeric: tabular-nums; }
.day { grid-column: 1 / -1; color: var(--muted); font-size: .875rem; }
.kind { color: var(--muted); font-size: .875rem; }
.did .kind { color: var(--link); font-weight: 600; } .decided .kind { color: var(--unclear); font-weight: 600; }
.plain li { padding: .4rem 0; }
.e-mail { margin: .75rem 0; border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.e-mail pre { margin: .5rem 0 0; white-space: pre-wrap;
  font: .8125rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
.details div { display: grid; grid-template-columns: 9rem 1fr; gap: .75rem; padding: .25rem 0; }
.details dt { color: var(--muted); } .details dd { margin: 0; }
summary { cursor: pointer; } .incident { border-top: 1px solid var(--line); padding: .6rem 0; }
.incident summary h2 { display: inline; font-size: 1.05rem; margin: 0; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; }
@media (max-width: 36rem) {
  .phases { grid-template-columns: 1fr; } .wide { display: none; } .narrow { display: block; }
  .timeline li { grid-template-columns: 4.6rem 1fr; } .timeline li div { grid-column: 1 / -1; }
  .details div { grid-template-columns: 1fr; gap: 0; }
}
@page { margin: 15mm; }
@media print {
  :root { color-scheme: light; --text: #000; --muted: #333; --page: #fff; --panel: #fff; --line: #999;
    --link: #000; --good: #000; --bad: #000; --unclear: #000; --bar: #999; --count: #000;
    --threshold: #000; --mark: #000; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  .phases { grid-template-columns: repeat(3, 1fr); } .phases div { border: 1px solid var(--line); }
  .wide { display: block; } .narrow { display: none; }
  h2, h3 { break-after: avoid; } figure, .timeline li, .phases { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;
