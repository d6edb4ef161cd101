import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { table } from "../comparison/table.ts";
import type { BundleRun } from "./bundle-once.ts";
import { median } from "./figures.ts";
import { ensurePythonPackage } from "./python-package.ts";

const rounds = 5;

/** Code that is read in a fresh process. */
interface LargeCode {
  readonly name: string;
  /** The script that prints a `BundleRun`, and what it gets after the cache's folder. */
  readonly command: readonly [script: string, ...args: string[]];
}

/**
 * The time to read a function's code, the first time and from the pack's cache: one JavaScript file of 10 MB, and a zip file of
 * more than 20 MB with Python libraries. The goals are 4 s and 0.2 s.
 */
export async function benchPolicyBundle(): Promise<string> {
  const { codes, missing } = await codesToRead();
  const rows: string[][] = [];
  for (const { name, command } of codes) {
    const first: BundleRun[] = [];
    const cached: BundleRun[] = [];
    for (let round = 0; round < rounds; round++) {
      const folder = mkdtempSync(join(tmpdir(), "bundle-"));
      first.push(await readOnce(command, folder));
      cached.push(await readOnce(command, folder));
      rmSync(folder, { recursive: true });
    }
    rows.push(rowOf(name, "first", first), rowOf(name, "cached", cached));
  }
  return [
    "## Policy pack and large code",
    "",
    `Medians of ${rounds} runs, each in a fresh process: a JavaScript file of 10 MB with clients of the SDK, and a Python function's zip ` +
      "file with boto3, cryptography, Powertools, pydantic and requests. The goals are 4000 ms and, from the cache, 200 ms.",
    "",
    table(["code", "MB", "read", "milliseconds", "peak MB"], rows),
    ...(missing === undefined ? [] : ["", missing]),
  ].join("\n");
}

/** Without PyPI the Python function is left out, and the report says why. */
async function codesToRead(): Promise<{ codes: readonly LargeCode[]; missing?: string }> {
  const javascript: LargeCode = { name: "JavaScript", command: ["bundle-once.ts"] };
  try {
    const zip = await ensurePythonPackage();
    return { codes: [javascript, { name: "Python", command: ["python-once.ts", zip] }] };
  } catch (error) {
    const [line = ""] = (error as Error).message.trim().split("\n").slice(-1);
    return { codes: [javascript], missing: `Python's libraries could not be installed: ${line}` };
  }
}

function rowOf(name: string, read: string, runs: readonly BundleRun[]): string[] {
  return [
    name,
    ((runs[0]?.bytes ?? 0) / 1024 / 1024).toFixed(0),
    read,
    median(runs.map(({ ms }) => ms)).toFixed(0),
    median(runs.map(({ peakMb }) => peakMb)).toFixed(0),
  ];
}

async function readOnce(
  [script, ...args]: LargeCode["command"],
  folder: string,
): Promise<BundleRun> {
  const path = join(import.meta.dirname, script);
  const { stdout } = await promisify(execFile)(process.execPath, [path, folder, ...args]);
  return JSON.parse(stdout.trim().split("\n").pop() ?? "");
}
