import { expect } from "chai";
import {
  killAll,
  running,
  signalGroup,
  start,
  startSandbox,
  untilPreview,
  waitUntil,
} from "./start.ts";

describe("npm start -- --all", () => {
  afterEach(killAll);

  it("passes each of its steps, and shows what arrives in chat, pager and event bus", async () => {
    const sandbox = startSandbox("--all");

    expect(await sandbox.ended, sandbox.output()).to.equal(0);
    expect(sandbox.output()).to.match(/(\d+) of \1 steps passed/);
    expect(sandbox.output()).to.include("on the bus: Reboot Claimed, Instance Rebooted");
    expect(sandbox.output()).to.include("PagerDuty: triggered, critical: NOT recovered after");
    expect(sandbox.output()).to.include("PagerDuty: resolved: Notification test");
    await waitUntil("everything to end", () => running().length === 0);
  });
});

describe("npm start -- --fleet", () => {
  afterEach(killAll);

  it("passes each of its steps, and shows two reboots and the e-mail about the shared cause", async () => {
    const sandbox = startSandbox("--fleet");

    expect(await sandbox.ended, sandbox.output()).to.equal(0);
    expect(sandbox.output()).to.match(/(\d+) of \1 steps passed/);
    const reboots = sandbox.output().match(/ec2:RebootInstances i-\w+ by role \S+: 200/g);
    expect(reboots).to.have.length(2);
    expect(sandbox.output()).to.match(
      /Subject: NOT rebooting, shared cause suspected: EC2 instance i-\w+ and 2 others/,
    );
    await waitUntil("everything to end", () => running().length === 0);
  });

  it("is a scenario by itself, without --all", async () => {
    const sandbox = startSandbox("--fleet", "--all");

    expect(await sandbox.ended).to.equal(1);
    expect(sandbox.output()).to.include(
      "--fleet and --all are two scenarios: got both; expected one of them",
    );
  });

  it("refuses another option, and names those that it has", async () => {
    const sandbox = startSandbox("--flet");

    expect(await sandbox.ended).to.equal(1);
    expect(sandbox.output()).to.include(
      "unknown option --flet; expected any of --all, --fleet, --keep",
    );
  });
});

describe("npm start, ended in other ways", () => {
  afterEach(killAll);

  it("leaves no process when only the program itself gets SIGTERM", async () => {
    const sandbox = startSandbox();
    await untilPreview(sandbox);

    sandbox.child.kill("SIGTERM");

    expect(await sandbox.ended).to.equal(130);
    await waitUntil("everything to end", () => running().length === 0);
  });

  it("leaves no process when SIGINT reaches npm alone", async () => {
    const npm = start("npm", ["start"]);
    await untilPreview(npm);

    npm.child.kill("SIGINT");

    expect(await npm.ended).to.equal(130);
    await waitUntil("everything to end", () => running().length === 0);
    expect(npm.output()).to.include("Interrupted: everything that was started has ended.");
    expect(npm.output()).not.to.include("destroy");
  });

  it("leaves no process when it is killed without a chance to clean up, and starts again", async () => {
    const sandbox = startSandbox();
    await untilPreview(sandbox);

    sandbox.child.kill("SIGKILL");

    await sandbox.ended;
    await waitUntil("everything to end", () => running().length === 0);
    const again = startSandbox();
    await untilPreview(again);
    again.child.kill("SIGTERM");
    await again.ended;
    await waitUntil("everything to end", () => running().length === 0);
  });

  it("keeps running with --keep until Ctrl-C, and then leaves nothing", async () => {
    const sandbox = startSandbox("--keep");
    await waitUntil("the instructions", () => sandbox.output().includes("Webhook token:"));
    // Version 1 of the aws CLI reads AWS_DEFAULT_REGION alone, and has no --cli-binary-format.
    expect(sandbox.output()).to.match(/ AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1\n/);
    expect(sandbox.output()).to.include("\n  unset AWS_SESSION_TOKEN\n");
    expect(sandbox.output()).to.match(/Version 1 .* does not have --cli-binary-format/);

    signalGroup(sandbox.child, "SIGINT");

    expect(await sandbox.ended).to.equal(0);
    expect(sandbox.output()).to.include("pulumi destroy leaves nothing");
    await waitUntil("everything to end", () => running().length === 0);
  });
});
