import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PreviewKind } from "./preview-once.ts";

/**
 * Milliseconds of whole previews of each kind, a fresh process each, in turn, so that the machine's
 * moods hit all alike: the values of one index are of one round.
 */
export async function previewRounds<Kind extends PreviewKind>(
  kinds: readonly Kind[],
  rounds: number,
): Promise<Record<Kind, number[]>> {
  const times = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Record<
    Kind,
    number[]
  >;
  // One round more than counts: the first warms the disk up.
  for (let round = 0; round <= rounds; round++) {
    for (const kind of kinds) {
      const ms = await previewOnce(kind);
      if (round > 0) times[kind].push(ms);
    }
  }
  return times;
}

async function previewOnce(kind: PreviewKind): Promise<number> {
  const script = join(import.meta.dirname, "preview-once.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, kind]);
  return Number(stdout.trim().split("\n").pop());
}
