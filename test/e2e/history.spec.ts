import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import {
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import {
  runCommand,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

describe("npm run history -- --html on a deployed stack", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let stack: StackOutputs;
  let client: StackClient;
  before(async () => {
    environment = await startTestEnvironment();
    engine = await environment.createEngine({ policyPack: null });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    client = new StackClient(environment, stack);
  });
  after(() => environment.stop());

  const history = (words: string[], variables: Record<string, string> = {}) =>
    runCommand(environment, "history", words, variables);

  it("writes a page without incidents", async () => {
    const { output, error } = await history(["--html"]);

    expect(error).to.equal("");
    expect(output)
      .to.match(/^<!doctype html>/)
      .and.match(/<\/html>$/);
    expect(output).to.include("No incidents in 90 days.");
  });

  it("writes the report of an incident, with chart, reasons, e-mails and code", async () => {
    await client.logResponses(6, "slow");
    const { body } = await client.postAlert(environment.webhookToken);
    await client.postAlert(environment.webhookToken, {
      alertUrl: "https://service.sumologic.com/ui/#/alert/2",
    });
    const { incidentId, outcome } = JSON.parse(body);
    expect(outcome, body).to.equal("rebooted");

    const { output, error } = await history(["--html", incidentId, "--stack", "sandbox"]);

    expect(error).to.equal("");
    expect(output).to.include(
      `<title>Rebooted, health checks continue: EC2 instance ${stack.instanceId}`,
    );
    expect(output).to.include("<strong>Asked EC2 to reboot the instance</strong><p>6 responses of");
    expect(output).to.include("1 request suppressed by the cool-down");
    expect(output).to.include(`<strong>Rebooted EC2 instance ${stack.instanceId}</strong>`);
    expect(output).to.match(
      /SHA-256 [\w+/]{43}=, last changed at [\d-]+ [\d:]+ UTC, before this incident/,
    );
    expect(output).to.include("threshold: more than 5").and.include("<td>6</td>");
    expect(output).not.to.include('class="note"');
  });

  it("writes all incidents in one page", async () => {
    const { output } = await history(["--html"]);

    expect(output).to.include("One incident in 90 days.").and.include('id="incident-1"');
    expect(output).to.include('<svg class="chart"');
  });

  it("has a note instead of the chart without an access key of Sumo Logic", async () => {
    const stackName = "sandbox";
    await engine.stack.removeConfig("sumologic:accessKey");

    const { output, error } = await history(["--html", "--stack", stackName]);

    expect(error).to.equal("");
    expect(output).to.include("There is no chart: Sumo Logic has the data. Set SUMOLOGIC_ACCESSID");
    expect(output).not.to.include("<svg");
  });

  for (const [what, words, expected] of [
    [
      "an unknown incident",
      ["--html", "alert-2"],
      /^no incident "alert-2": `npm run history` lists/,
    ],
    ["an incident without --html", ["alert-2"], /^unknown words; expected: npm run history /],
    ["two incidents", ["--html", "a", "b"], /^unknown words; expected: npm run history /],
    ["two formats", ["--html", "--json"], /^unknown words; expected: npm run history /],
  ] as const) {
    it(`reports ${what} on one line`, async () => {
      const { output, error } = await history([...words]);

      expect(output).to.equal("");
      expect(error).to.match(expected);
      expect(error.split("\n")).to.have.length(1);
    });
  }

  it("warns of the lines that npm writes before the page", async () => {
    const underNpm = { npm_lifecycle_event: "history" };

    const loud = await history(["--html"], underNpm);
    const silent = await history(["--html"], { ...underNpm, npm_config_loglevel: "silent" });

    expect(loud.error).to.equal(
      "npm has written its own lines before the page; use npm run -s history -- --html …, which does not",
    );
    expect(loud.output).to.match(/^<!doctype html>/);
    expect(silent.error).to.equal("");
  });
});
