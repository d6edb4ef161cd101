// `npm run lint`: format, rules, types and words of the sources, and the workflows.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ensureActionlint } from "./actionlint.mjs";
import { root } from "./root.mjs";

/** Runs a linter, and prints what it says when it has ended. Returns whether it found nothing. */
async function lint(name: string, program: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const output = await Promise.all([text(child.stdout), text(child.stderr)]);
  const passes = (await ended) === 0;
  console.log(`${passes ? "✓" : "✗"} ${name}\n${output.join("").trimEnd()}`);
  return passes;
}

const node = (name: string, file: string, ...args: readonly string[]) =>
  lint(name, process.execPath, [join(root, "node_modules", file), ...args]);

/** Where there is Go to build it with; a machine without Go only says so. */
async function lintWorkflows(): Promise<boolean> {
  const actionlint = await ensureActionlint(console.log);
  // Not the other linters that it finds on some machines only.
  if (actionlint) return lint("Workflows", actionlint, ["-shellcheck=", "-pyflakes="]);
  console.log("Workflows: NOT linted, since Go is missing (https://go.dev/dl/)");
  return true;
}

/** The next run checks only what has changed. */
const incremental = ["--incremental", "--tsBuildInfoFile", join(".tools", "types.tsbuildinfo")];
const colors = `--colors=${process.stdout.isTTY ? "force" : "off"}`;
const results = await Promise.all([
  node("Format and rules", "@biomejs/biome/bin/biome", "ci", "--error-on-warnings", colors, "."),
  node("Types", "typescript/bin/tsc", "-p", "tsconfig.check.json", ...incremental),
  lint("Words", process.execPath, [join(import.meta.dirname, "prose", "main.ts")]),
  lintWorkflows(),
]);
process.exit(results.every((it) => it) ? 0 : 1);
