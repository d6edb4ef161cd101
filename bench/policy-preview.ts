import { previewRounds } from "./previews.ts";
import { median, ratio, table } from "./table.ts";

const rounds = 9;
const without = "own-without-pack";
const packs = [
  ["an empty JavaScript pack", "own-with-empty-pack"],
  ["this pack with its configuration", "own"],
] as const;

/**
 * The time that a policy pack adds to the preview of this program, for this pack and an empty one. The goal
 * is at most 1.3 times the time that the empty one adds.
 */
export async function benchPolicyPreview(): Promise<string> {
  const times = await previewRounds([without, ...packs.map(([, kind]) => kind)], rounds);
  // Differences within a round, since rounds differ more from each other than packs do.
  const added = (kind: (typeof packs)[number][1]) =>
    median(times[kind].map((ms, round) => ms - (times[without][round] ?? Number.NaN)));
  const empty = added("own-with-empty-pack");
  return [
    "## Policy pack in a preview",
    "",
    `Medians of ${rounds} previews of this program; the time that a pack adds is ` +
      "the difference within a round. The goal is at most 1.3×.",
    "",
    table(
      ["preview with", "milliseconds", "added by the pack", "against the empty pack"],
      [
        ["no policy pack", median(times[without]).toFixed(0), "", ""],
        ...packs.map(([name, kind]) => [
          name,
          median(times[kind]).toFixed(0),
          added(kind).toFixed(0),
          ratio(added(kind), empty),
        ]),
      ],
    ),
  ].join("\n");
}
