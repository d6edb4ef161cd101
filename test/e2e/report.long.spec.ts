import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { incidentPage, indexPage } from "../../operate/history/report/page.ts";
import { reportOf } from "../../operate/history/report/report.ts";
import { chromiumPath, openBrowser } from "../../scripts/browser.ts";
import {
  at,
  incident,
  manual,
  responses,
  sources,
  stack,
} from "../operate/history/report/support.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const nowMs = at("13:30:00");
const data = { value: responses };
const note = { problem: "no access key" };
const hostile = '"><script>throw 1</script><img src="http://127.0.0.1:9/x">\u202e'.repeat(30);
const hostileIncident = {
  ...incident,
  id: hostile,
  why: "x".repeat(3_000),
  instanceId: hostile,
  outcome: hostile,
  failure: hostile,
  mails: [{ atMs: Number.NaN, subject: hostile, text: `${hostile}\n${"y".repeat(3_000)}` }],
  mailFailure: hostile,
};

const pages: Readonly<Record<string, string>> = {
  "of an incident": incidentPage(reportOf(incident, data, sources), stack, nowMs),
  "of an incident with hostile and long strings": incidentPage(
    reportOf(hostileIncident, data, sources),
    stack,
    nowMs,
  ),
  "of all incidents": indexPage(
    [
      reportOf(incident, data, sources),
      reportOf(manual, note, sources),
      reportOf(hostileIncident, note, sources),
    ],
    stack,
    nowMs,
  ),
  "of no incident": indexPage([], stack, nowMs),
};

describe("the incident report in Chromium", () => {
  if (chromiumPath === "") {
    console.log("Chromium is NOT tested, since it is missing: set SANDBOX_CHROMIUM to its path");
    return;
  }
  let browser: Browser;
  let folder: string;
  before(async () => {
    browser = await openBrowser();
    folder = mkdtempSync(join(tmpdir(), "report-"));
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a page with everything in it unfolded, and returns what the browser complained of and requested. */
  async function open(html: string, options: Parameters<Browser["newPage"]>[0]) {
    const page = await browser.newPage(options);
    const problems: string[] = [];
    const requests: string[] = [];
    page.on("console", (it) => problems.push(it.text()));
    page.on("pageerror", (it) => problems.push(String(it)));
    page.on("request", (it) => requests.push(it.url()));
    const file = join(folder, "report.html");
    writeFileSync(file, html);
    await page.goto(pathToFileURL(file).href);
    await page.evaluate("for (const it of document.querySelectorAll('details')) it.open = true");
    return { page, problems, requests: requests.filter((it) => it !== pathToFileURL(file).href) };
  }

  /** What axe finds, as rule and element. */
  async function violationsOf(page: Page): Promise<string[]> {
    const { violations, passes }: AxeResults = await page.evaluate(`${axe}; axe.run(document)`);
    expect(passes.map(({ id }) => id)).to.include("color-contrast");
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
  }

  for (const [name, html] of Object.entries(pages)) {
    for (const colorScheme of ["light", "dark"] as const) {
      it(`has no problem in ${colorScheme} colors: ${name}`, async () => {
        const { page, problems, requests } = await open(html, { colorScheme });

        expect(await violationsOf(page)).to.deep.equal([]);
        expect(problems).to.deep.equal([]);
        expect(requests).to.deep.equal([]);
        await page.close();
      });
    }

    it(`needs no horizontal scrolling on a phone: ${name}`, async () => {
      const viewport = { width: 390, height: 844 };
      const { page, problems } = await open(html, { viewport, isMobile: true });

      expect(await page.evaluate("document.documentElement.scrollWidth")).to.equal(390);
      expect(await violationsOf(page)).to.deep.equal([]);
      expect(problems).to.deep.equal([]);
      await page.close();
    });

    it(`can be printed: ${name}`, async () => {
      const { page, problems } = await open(html, { colorScheme: "dark" });
      await page.emulateMedia({ media: "print" });

      const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      const pdf = await page.pdf({ format: "A4" });

      expect(background).to.equal("rgb(255, 255, 255)");
      expect(pdf.subarray(0, 5).toString()).to.equal("%PDF-");
      expect(problems).to.deep.equal([]);
      await page.close();
    });
  }

  it("prints the details of each incident although they are closed", async () => {
    const page = await browser.newPage();
    await page.setContent(pages["of all incidents"] ?? "");
    const isShown = () => page.locator("#incident-2").isVisible();

    expect(await isShown()).to.equal(false);
    await page.emulateMedia({ media: "print" });
    expect(await isShown()).to.equal(true);
    await page.close();
  });

  it("opens an incident from the overview", async () => {
    const page = await browser.newPage();
    const file = join(folder, "all.html");
    writeFileSync(file, pages["of all incidents"] ?? "");
    await page.goto(pathToFileURL(file).href);

    await page.locator('a[href="#incident-2"]').click();

    await page.locator("#incident-2").waitFor({ state: "visible" });
    await page.close();
  });

  it("draws the wide chart on a screen and the narrow one on a phone", async () => {
    const page = await browser.newPage({ viewport: { width: 1_000, height: 800 } });
    await page.setContent(pages["of an incident"] ?? "");
    const shown = async () =>
      Promise.all([".wide svg", ".narrow svg"].map((it) => page.locator(it).isVisible()));

    expect(await shown()).to.deep.equal([true, false]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await shown()).to.deep.equal([false, true]);
    await page.close();
  });
});
