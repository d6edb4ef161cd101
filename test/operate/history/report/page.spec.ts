import { createHash } from "node:crypto";
import { expect } from "chai";
import type { Incident } from "../../../../handler/incidents/table.ts";
import { incidentPage, indexPage } from "../../../../operate/history/report/page.ts";
import { reportOf } from "../../../../operate/history/report/report.ts";
import { at, incident, manual, record, responses, sources, stack } from "./support.ts";

const nowMs = at("13:30:00");
const none = { problem: "no key" };
const pageOf = (of: Incident, data: Parameters<typeof reportOf>[1] = { value: responses }) =>
  incidentPage(reportOf(of, data, sources), stack, nowMs);

/** What a reader sees, element by element. */
function textOf(page: string): string[] {
  const [, body = ""] = page.split("<main>");
  return body
    .replace(/<[^>]*>/g, "\n")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The elements and attributes of a page, in order, without their values and content. */
function skeletonOf(page: string): string {
  return [...page.matchAll(/<(\/?\w+)((?:\s+[\w-]+="[^"]*")*)\s*\/?>/g)]
    .map(([, name, attributes = ""]) => `${name}${attributes.replace(/="[^"]*"/g, "")}`)
    .join(" ");
}

describe("incidentPage", () => {
  const page = pageOf(incident);

  it("has the result as its headline and title", () => {
    expect(page).to.include("<h1>Recovered: EC2 instance i-0123456789abcdef0</h1>");
    expect(page).to.include("<title>Recovered: EC2 instance i-0123456789abcdef0</title>");
    expect(page).to.include('<span class="badge good">Recovered</span>');
  });

  it("has each section", () => {
    expect([...page.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title)).to.deep.equal([
      "Slow responses",
      "Timeline",
      "Suppressed in the meantime",
      "E-mails",
      "Details",
    ]);
  });

  it("has the e-mails as they were sent", () => {
    expect(page).to.include(
      '<pre tabindex="0">What:     Reboot requested.\nTo do:    Wait for that e-mail.</pre>',
    );
  });

  it("names instance, stack, region and code", () => {
    const texts = textOf(page);

    expect(texts).to.include.members([
      "alert-0123456789abcdef",
      "i-0123456789abcdef0",
      "reboot-automation, dev",
      "us-east-1",
      "SHA-256 c2hhMjU2, last changed at 2026-01-01 08:00:00 UTC, before this incident",
    ]);
    expect(texts).to.include("2 requests suppressed by the cool-down");
  });

  it("has no script and no external resource, and a policy that forbids both", () => {
    const [, style = ""] = /<style>(.*)<\/style>/s.exec(page) ?? [];
    const digest = createHash("sha256").update(style).digest("base64");

    expect(page).to.include(
      `<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;">`,
    );
    expect(page).not.to.match(/<(script|link|img|iframe|object|embed|base|form)\b/i);
    expect(page).not.to.match(/\s(src|style|on\w+)=/i);
    expect(style).not.to.match(/url\(|@import/);
    expect(page.match(/https?:[^"<]*/g)).to.deep.equal([
      "https://service.sumologic.com/ui/#/alert/0000000000000001",
      "https://service.sumologic.com/ui/#/alert/0000000000000001",
    ]);
  });

  it("says why there is no chart", () => {
    const without = pageOf(incident, none);

    expect(textOf(without)).to.include("There is no chart: no key");
    expect(without).not.to.include("<svg");
  });

  it("says so if nothing was slow and nothing was suppressed", () => {
    const data = { value: { ...responses, slices: [] } };
    const log = { value: [record("12:05:12", { outcome: "rebooted", reason: "x" })] };
    const texts = textOf(incidentPage(reportOf(incident, data, { ...sources, log }), stack, nowMs));

    expect(texts).to.include.members([
      "No response was slow in this period.",
      "Nothing was suppressed.",
    ]);
  });

  it("links captured evidence in the S3 console, and does not contain it", () => {
    const found = { ...incident, evidence: "console, screenshot" };
    const ofStack = { ...stack, evidenceBucket: "bucket-1" };
    const report = reportOf(found, none, { ...sources, stack: ofStack });

    expect(incidentPage(report, ofStack, nowMs)).to.include(
      '<a href="https://us-east-1.console.aws.amazon.com/s3/buckets/bucket-1?region=us-east-1&amp;prefix=incident%2Falert-0123456789abcdef%2F">console, screenshot</a>',
    );
  });

  it("names the day again only if it changes", () => {
    const late = { ...manual, closedAtMs: Date.parse("2026-01-02T00:01:00Z") };

    expect(textOf(pageOf(late)).filter((line) => /^\d{4}-\d\d-\d\d$/.test(line))).to.deep.equal([
      "2026-01-01",
      "2026-01-02",
    ]);
  });
});

const attacks = {
  "a script": "<script>alert(1)</script>",
  "an attribute": `"><img src=x onerror='alert(1)'>`,
  "reversed text": "\u202egnp.exe",
  "a terminal's escape": "\u001b]0;owned\u0007\u001b[2J",
  "a style": "</style></pre></details><style>*{display:none}</style>",
  "an entity": "&lt;script&gt;",
  "a template": "{{alert(1)}}",
  "half a character": "\ud800",
};

describe("a page with hostile text", () => {
  /** An incident and its sources with this text wherever others can put one. */
  function hostile(text: string) {
    const found = {
      ...incident,
      id: text,
      why: text,
      instanceId: text,
      failure: text,
      outcome: text,
      evidence: text,
      mailFailure: text,
      mails: [{ atMs: at("12:00:00"), subject: text, text }],
    };
    const fields = { incidentId: text, reason: text, instanceStatus: text };
    const log = [
      record("12:06:00", { ...fields, outcome: text }),
      record("12:07:00", { ...fields, outcome: "pending", checkCount: text }),
      record("12:08:00", { ...fields, outcome: "skipped", reason: `suppressed ${text}` }),
    ];
    const ofStack = {
      ...stack,
      project: text,
      name: text,
      logGroupName: text,
      evidenceBucket: text,
      rule: { ...responses.rule, apiPath: text },
    };
    const data = { value: { ...responses, rule: { ...responses.rule, apiPath: text } } };
    const from = {
      ...sources,
      stack: ofStack,
      log: { value: log },
      code: { value: { sha256: text, modifiedMs: Number.NaN } },
    };
    return [
      incidentPage(reportOf(found, data, from), ofStack, nowMs),
      indexPage([reportOf(found, { problem: text }, from)], ofStack, nowMs),
    ];
  }

  for (const [what, text] of Object.entries(attacks)) {
    it(`has the same elements as one with plain text: ${what}`, () => {
      expect(hostile(text).map(skeletonOf)).to.deep.equal(hostile("plain").map(skeletonOf));
    });
  }

  it("shows the characters that hide or reorder others", () => {
    for (const page of hostile(Object.values(attacks).join(" "))) {
      expect(page).not.to.match(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Cc}\n]/u);
      expect(page).to.include("\\u202egnp.exe").and.include("\\u001b]0;owned\\u0007");
    }
  });

  it("stays small if each string is huge", () => {
    for (const page of hostile("x<".repeat(200_000))) {
      expect(page.length).to.be.below(400_000);
      expect(page).to.match(/\(\d+ more characters\)/);
    }
  });

  it("does not contain links that others wrote", () => {
    const links = hostile("javascript:alert(1)").flatMap((page) => [
      ...page.matchAll(/href="([^"]*)"/g),
    ]);

    for (const [, address] of links) {
      expect(address).to.match(
        /^(#incident-1$|https:\/\/service\.sumologic\.com\/|https:\/\/us-east-1\.console\.aws\.amazon\.com\/)/,
      );
    }
  });
});

describe("indexPage", () => {
  const pageOfAll = (...incidents: Incident[]) =>
    indexPage(
      incidents.map((it) => reportOf(it, none, sources)),
      stack,
      nowMs,
    );

  it("says so if there is no incident", () => {
    expect(textOf(pageOfAll())).to.deep.equal([
      "Incidents of reboot-automation (dev)",
      "No incidents in 90 days. The table keeps an incident for that long.",
      "Written at 2026-01-01 13:30:00 UTC by",
      "npm run history",
      "for the stack dev of reboot-automation. All times are UTC.",
    ]);
    expect(pageOfAll()).not.to.include("<table");
  });

  it("has an overview that leads to each incident", () => {
    const page = pageOfAll(incident, manual);

    expect(textOf(page).slice(0, 20)).to.deep.equal([
      "Incidents of reboot-automation (dev)",
      "2 incidents in 90 days. The table keeps an incident for that long.",
      ...["Time", "Result", "Cause", "Detect", "Act", "Recover"],
      ...["2026-01-01 12:05:10 UTC", "Recovered", "alert", "at most 10m40s", "0m01s", "10m49s"],
      ...["2026-01-01 09:00:00 UTC", "Up after the manual reboot", "manual", "–", "0m02s", "6m00s"],
    ]);
    expect([...page.matchAll(/href="#([\w-]+)"/g)].map(([, id]) => id)).to.deep.equal([
      "incident-1",
      "incident-2",
    ]);
    expect([...page.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id)).to.deep.equal([
      "incident-1",
      "incident-2",
    ]);
  });

  it("has the same sections for each incident, closed", () => {
    const page = pageOfAll(incident, manual);

    expect(page.match(/<h3>Timeline<\/h3>/g)).to.have.length(2);
    expect(page.match(/<details class="incident">/g)).to.have.length(2);
  });

  it("stays below 10 MB with 500 incidents", () => {
    const page = pageOfAll(...Array(500).fill(incident));

    expect(page.length).to.be.below(10_000_000);
    expect(page).to.include('id="incident-500"');
  });
});
