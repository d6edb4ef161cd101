import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { root } from "../../test-world.ts";

/** Command lines of this checkout's emulators, policy packs and engines that run now. */
function running(): string[] {
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter(
    (it) => it.includes(root) && /emulator\.py|run-policy-pack|bin\/pulumi /.test(it),
  );
}

async function waitFor(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < 300_000; waitedMs += 50) {
    if (isSo()) return;
    await sleep(50);
  }
  throw new Error(`waited five minutes: ${what}; running:\n${running().join("\n")}`);
}

const started: ChildProcess[] = [];

/** Starts `npm start`'s program in a process group of its own, as a terminal does. */
function startSandbox(...words: string[]) {
  return start(process.execPath, [join(root, "sandbox", "main.ts"), ...words]);
}

function start(program: string, words: readonly string[]) {
  const child = spawn(program, words, {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, ended, output: () => output };
}

/** Waits until the first preview is under way, with the policy pack running. */
async function untilPreview(sandbox: { output: () => string }): Promise<void> {
  await waitFor("the policy pack runs", () =>
    running().some((it) => it.includes("run-policy-pack")),
  );
  expect(sandbox.output()).to.include("✓  1/");
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  process.kill(-Number(child.pid), signal);
}

describe("npm start, interrupted", () => {
  // Else one test that fails would disturb every later one in this checkout.
  afterEach(() => {
    for (const child of started.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) signalGroup(child, "SIGKILL");
    }
  });

  it("leaves no process when Ctrl-C comes in the middle of a preview", async () => {
    const sandbox = startSandbox();
    await untilPreview(sandbox);

    signalGroup(sandbox.child, "SIGINT");

    expect(await sandbox.ended).to.equal(130);
    await waitFor("everything has ended", () => running().length === 0);
    expect(sandbox.output()).to.include("Interrupted: everything that was started is ended.");
  });

  it("leaves no process when only the program itself is told to end", async () => {
    const sandbox = startSandbox();
    await untilPreview(sandbox);

    sandbox.child.kill("SIGTERM");

    expect(await sandbox.ended).to.equal(130);
    await waitFor("everything has ended", () => running().length === 0);
  });

  it("leaves no process when SIGINT reaches npm alone", async () => {
    const npm = start("npm", ["start"]);
    await untilPreview(npm);

    npm.child.kill("SIGINT");

    expect(await npm.ended).to.equal(130);
    await waitFor("everything has ended", () => running().length === 0);
    expect(npm.output()).to.include("Interrupted: everything that was started is ended.");
    expect(npm.output()).not.to.include("destroy");
  });

  it("leaves no process when it is killed without a chance to clean up, and starts again", async () => {
    const sandbox = startSandbox();
    await untilPreview(sandbox);

    sandbox.child.kill("SIGKILL");

    await sandbox.ended;
    await waitFor("everything has ended", () => running().length === 0);
    const again = startSandbox();
    await untilPreview(again);
    again.child.kill("SIGTERM");
    await again.ended;
    await waitFor("everything has ended", () => running().length === 0);
  });

  it("does not start twice in one checkout, and says why", async () => {
    const first = startSandbox();
    await waitFor("the first holds the lock", () => existsSync(join(root, ".sandbox", "lock")));

    const second = startSandbox();

    expect(await second.ended).to.equal(1);
    expect(second.output()).to.include(
      `The sandbox runs in this checkout already, as process ${first.child.pid}`,
    );
    first.child.kill("SIGTERM");
    expect(await first.ended).to.equal(130);
    await waitFor("everything has ended", () => running().length === 0);
  });

  it("keeps running with --keep until Ctrl-C, and then leaves nothing", async () => {
    const sandbox = startSandbox("--keep");
    await waitFor("it says how to use it", () => sandbox.output().includes("Webhook token:"));
    // Version 1 of the aws CLI reads AWS_DEFAULT_REGION alone, and has no --cli-binary-format.
    expect(sandbox.output()).to.match(/ AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1\n/);
    expect(sandbox.output()).to.include("\n  unset AWS_SESSION_TOKEN\n");
    expect(sandbox.output()).to.match(/Version 1 .* does not have --cli-binary-format/);

    signalGroup(sandbox.child, "SIGINT");

    expect(await sandbox.ended).to.equal(0);
    expect(sandbox.output()).to.include("pulumi destroy leaves nothing");
    await waitFor("everything has ended", () => running().length === 0);
  });
});
