import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { median, ratio, table } from "./table.ts";

const rounds = 5;

/** Whole previews in fresh processes, in turn, so that the machine's moods hit all alike. */
export async function benchPreview(): Promise<string> {
  const kinds = [
    ["this program with its policy pack", "own"],
    ["empty TypeScript program as Pulumi loads it (with type check)", "empty-checked"],
    ["empty TypeScript program without type check", "empty"],
  ] as const;
  const times = new Map<string, number[]>(kinds.map(([, kind]) => [kind, []]));
  // One round more than counts: the first warms the disk up.
  for (let round = 0; round <= rounds; round++) {
    for (const [, kind] of kinds) {
      const ms = await previewOnce(kind);
      if (round > 0) times.get(kind)?.push(ms);
    }
  }
  const own = median(times.get("own") ?? []);
  return [
    "## Preview",
    "",
    `Median of ${rounds} previews, each in a fresh process, from its start to the engine's summary.`,
    "",
    table(
      ["preview of", "milliseconds", "this program against it"],
      kinds.map(([name, kind]) => {
        const ms = median(times.get(kind) ?? []);
        return [name, ms.toFixed(0), ratio(own, ms)];
      }),
    ),
  ].join("\n");
}

async function previewOnce(kind: string): Promise<number> {
  const script = join(import.meta.dirname, "preview-once.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, kind]);
  return Number(stdout.trim().split("\n").pop());
}
