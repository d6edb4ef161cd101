import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { marked } from "marked";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { allTargets, runProgram } from "./mocks.ts";

const { anchorOf, runbookSection } =
  loadProgram<typeof import("../../infra/runbook.ts")>("infra/runbook.ts");
const { latencyPlaybook, silencePlaybook } =
  loadProgram<typeof import("../../infra/playbooks.ts")>("infra/playbooks.ts");

const runbook = readFileSync(join(import.meta.dirname, "..", "..", "docs", "runbook.md"), "utf8");

/** The headings of docs/runbook.md, as plain text. */
const headings = marked
  .lexer(runbook)
  .flatMap((token) => (token.type === "heading" ? [token.text] : []));

/** The sections that a string refers to, by heading. */
const referredTo = (text: string) =>
  [...text.matchAll(/docs\/runbook\.md, "([^"]+)"/g)].map(([, heading = ""]) => heading);

describe("a reference to the runbook", () => {
  const url = "https://github.com/acme/reboot/blob/HEAD/docs/runbook.md#reboot-manually";

  for (const repository of [
    "https://github.com/acme/reboot",
    "https://github.com/acme/reboot/",
    "https://github.com/acme/reboot.git",
    "git+https://github.com/acme/reboot.git",
  ]) {
    it(`is a link with ${repository} in package.json`, () => {
      expect(runbookSection("Reboot manually", repository)).to.deep.equal({
        text: url,
        markdown: `[Reboot manually](${url})`,
      });
    });
  }

  it("is a link into a group of GitLab", () => {
    const { text } = runbookSection("Alarm: errors", "https://git.acme.example/ops/aws/reboot.git");

    expect(text).to.equal(
      "https://git.acme.example/ops/aws/reboot/blob/HEAD/docs/runbook.md#alarm-errors",
    );
  });

  for (const repository of [
    undefined,
    "",
    "acme/reboot",
    "github:acme/reboot",
    "git@github.com:acme/reboot.git",
    "http://github.com/acme/reboot",
    "https://user:secret@github.com/acme/reboot",
    "https://github.com/acme/reboot?x=(y)",
    7,
  ]) {
    it(`names file and heading with ${JSON.stringify(repository)}`, () => {
      expect(runbookSection("Reboot manually", repository ?? null)).to.deep.equal({
        text: 'docs/runbook.md, "Reboot manually"',
        markdown: 'docs/runbook.md, "Reboot manually"',
      });
    });
  }

  it("has the anchors of GitHub", () => {
    expect(anchorOf("Why was nothing rebooted?")).to.equal("why-was-nothing-rebooted");
    expect(anchorOf("Alarm: dead-letters")).to.equal("alarm-dead-letters");
  });
});

describe("what refers to the runbook", () => {
  let run: Awaited<ReturnType<typeof runProgram>>;
  before(async () => {
    run = await runProgram({ ...allTargets, dashboard: "true" });
  });

  it("includes each alarm, with the section of the same name", () => {
    const alarms = run.registered.filter(({ type }) => type.endsWith(":MetricAlarm"));

    expect(alarms).to.have.length(10);
    for (const { name, inputs } of alarms) {
      const { alarmDescription } = inputs as { alarmDescription: string };
      expect(referredTo(alarmDescription)).to.deep.equal([name.replace("alarms-", "Alarm: ")]);
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      expect(alarmDescription.length).to.be.at.most(1024);
    }
  });

  it("names only sections that docs/runbook.md has", () => {
    const text = JSON.stringify(run.registered).replaceAll("\\", "");
    const sections = [...new Set(referredTo(text))].sort();

    expect(sections).to.deep.equal([
      "Alarm: dead-letters",
      "Alarm: errors",
      "Alarm: flood",
      "Alarm: lost-events",
      "Alarm: not-recovered",
      "Alarm: notification-failed",
      "Alarm: recovery-unconfirmed",
      "Alarm: refused-alerts",
      "Alarm: stuck-checks",
      "Alarm: throttles",
      "No access log",
      "Reboot manually",
      "Stop the automation",
      "Why was nothing rebooted?",
    ]);
    expect(headings).to.include.members(sections);
  });

  it("includes the alarm that only a group has", async () => {
    const { inputsNamed } = await runProgram({ instanceIds: "i-01234567,i-01234568" });
    const [{ alarmDescription }] = inputsNamed("alarms-shared-cause");

    expect(referredTo(alarmDescription)).to.deep.equal(["Alarm: shared-cause"]);
    expect(headings).to.include("Alarm: shared-cause");
  });

  it("includes both monitors' playbooks, within Sumo Logic's 4,096 characters", () => {
    const instanceId = "i-0123456789abcdef0";

    expect(referredTo(latencyPlaybook([instanceId]))).to.deep.equal([
      "Why was nothing rebooted?",
      "Reboot manually",
      "Stop the automation",
    ]);
    expect(referredTo(silencePlaybook(instanceId))).to.deep.equal(["No access log"]);
    for (const playbook of [latencyPlaybook([instanceId]), silencePlaybook(instanceId)]) {
      expect(playbook).to.include(instanceId);
      // Sumo Logic would fill in a variable in two curly brackets.
      expect(playbook).not.to.include("{{");
      expect(playbook.length).to.be.at.most(2_000);
    }
  });
});
