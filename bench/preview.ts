import { previewRounds } from "./preview-rounds.ts";
import { median, ratio, table } from "./table.ts";

const rounds = 5;

/** This program with its policy pack beside programs without resources and packs. */
export async function benchPreview(): Promise<string> {
  const kinds = [
    ["this program with its policy pack", "own"],
    ["empty TypeScript program as Pulumi loads it (with type check)", "empty-checked"],
    ["empty TypeScript program without type check", "empty"],
  ] as const;
  const times = await previewRounds(
    kinds.map(([, kind]) => kind),
    rounds,
  );
  const own = median(times.own);
  return [
    "## Preview",
    "",
    `Median of ${rounds} previews, each in a fresh process, from its start to the engine's summary.`,
    "",
    table(
      ["preview of", "milliseconds", "this program against it"],
      kinds.map(([name, kind]) => {
        const ms = median(times[kind]);
        return [name, ms.toFixed(0), ratio(own, ms)];
      }),
    ),
  ].join("\n");
}
