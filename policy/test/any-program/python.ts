import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { PolicyEvent } from "@pulumi/pulumi/automation/index.js";
import { type Finding, findingOf, plain } from "../../../sandbox/engine/engine.ts";
import { ensureVenv } from "../../../scripts/python.mjs";

const python = join(import.meta.dirname, "python");

const names = ["first preview", "up", "second preview"] as const;

interface Line {
  readonly run: (typeof names)[number];
  readonly finding?: PolicyEvent;
  readonly error?: string;
  readonly ended?: true;
}

const noResult = () => ({ findings: [] as Finding[], reasons: [] as string[] });

/**
 * Runs a Python program with the engine's variables. Returns by run its findings, and the engine's errors besides.
 * Installs Pulumi's SDK for Python when it is first needed.
 */
export async function runPython(
  settings: Readonly<Record<"cli" | "project" | "folder" | "pack" | "advisory", string>>,
  variables: Readonly<Record<string, string>>,
): Promise<Record<(typeof names)[number], { findings: Finding[]; reasons: string[] }>> {
  const requirements = join(python, "requirements.txt");
  const what = "Pulumi's SDK for Python from PyPI";
  const interpreter = await ensureVenv(console.error, "pulumi-python", what, requirements);
  const child = spawn(interpreter, [join(python, "run.py"), JSON.stringify(settings)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...variables, PATH: `${join(settings.cli, "bin")}:${process.env.PATH}` },
  });
  const closed = once(child, "close");
  const errors = text(child.stderr);
  const endedRuns: string[] = [];
  const runs = { [names[0]]: noResult(), [names[1]]: noResult(), [names[2]]: noResult() };
  for await (const line of createInterface(child.stdout)) {
    const { run, finding, error, ended } = JSON.parse(line) as Line;
    if (ended) endedRuns.push(run);
    if (finding) runs[run].findings.push(findingOf(finding));
    if (error) runs[run].reasons.push(plain(error));
  }
  const [code] = await closed;
  if (code !== 0 || endedRuns.length < names.length) {
    throw new Error(
      `run.py ended with code ${code} after ${endedRuns.length} of ${names.length} runs: ${await errors}`,
    );
  }
  return runs;
}
