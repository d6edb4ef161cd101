import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../../test-environment.ts";
import { killAll, running, signalGroup, startSandbox, untilPreview, waitUntil } from "./start.ts";

describe("npm start", () => {
  afterEach(killAll);

  it("passes each of its steps, and leaves no process", async () => {
    const sandbox = startSandbox();

    expect(await sandbox.ended, sandbox.output()).to.equal(0);
    const results: { ok: boolean }[] = JSON.parse(
      readFileSync(join(root, ".sandbox", "result.json"), "utf8"),
    );
    expect(results.filter(({ ok }) => ok)).to.have.length(22);
    const report = join(root, ".sandbox", "run", "incident-report.html");
    expect(sandbox.output()).to.include(`\n        ${report}\n`);
    expect(readFileSync(report, "utf8")).to.include("<h1>Recovered: EC2 instance ");
    await waitUntil("everything to end", () => running().length === 0);
  });

  it("leaves no process when Ctrl-C comes in the middle of a preview", async () => {
    const sandbox = startSandbox();
    await untilPreview(sandbox);

    signalGroup(sandbox.child, "SIGINT");

    expect(await sandbox.ended).to.equal(130);
    await waitUntil("everything to end", () => running().length === 0);
    expect(sandbox.output()).to.include("Interrupted: everything that was started has ended.");
  });

  it("does not start twice in one checkout, and says why", async () => {
    const first = startSandbox();
    await waitUntil("the first to hold the lock", () => existsSync(join(root, ".sandbox", "lock")));

    const second = startSandbox();

    expect(await second.ended).to.equal(1);
    expect(second.output()).to.include(
      `The sandbox runs in this checkout already, as process ${first.child.pid}`,
    );
    first.child.kill("SIGTERM");
    expect(await first.ended).to.equal(130);
    await waitUntil("everything to end", () => running().length === 0);
  });
});
