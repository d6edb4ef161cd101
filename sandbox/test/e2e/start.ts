import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../../test-environment.ts";
import { waitFor } from "../../wait.ts";

const runFolder = join(root, ".sandbox", "run");

/**
 * Command lines and variables of the emulators, policy packs and engines of `npm start` that run now. Those of
 * other tests have other folders in their variables.
 */
export function running(): string[] {
  const lines = execFileSync("ps", ["axeww", "-o", "pid=,args="], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  }).split("\n");
  return lines.filter(
    (it) => it.includes(runFolder) && /emulator\.py|bin\/pack\.js|bin\/pulumi /.test(it),
  );
}

/** Waits five minutes at most; the error lists the processes that are running. */
export async function waitUntil(what: string, isTrue: () => boolean): Promise<void> {
  await waitFor(what, isTrue, { timeoutMs: 300_000 }).catch((error) => {
    throw new Error(`${error.message}; running:\n${running().join("\n")}`);
  });
}

const started: ChildProcess[] = [];

/** Starts `npm start`'s program in a separate process group, as a terminal does. */
export function startSandbox(...words: string[]) {
  return start(process.execPath, [join(root, "sandbox", "main.ts"), ...words]);
}

export function start(program: string, words: readonly string[]) {
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

/**
 * Waits until the first preview is under way, with the policy pack running. The process list and the output are
 * separate channels, and on a busy machine one is behind the other.
 */
export async function untilPreview(sandbox: { output: () => string }): Promise<void> {
  await waitUntil(
    "the first preview, with the policy pack",
    () => sandbox.output().includes("✓  1/") && running().some((it) => it.includes("bin/pack.js")),
  );
}

export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  process.kill(-Number(child.pid), signal);
}

/** Else one test that fails would disturb every later one in this checkout. */
export function killAll(): void {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) signalGroup(child, "SIGKILL");
  }
}
