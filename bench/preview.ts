import { awsguard } from "../policy/bench/awsguard.ts";
import { previewRounds } from "./previews.ts";
import { median, ratio, table } from "./table.ts";

const rounds = 9;

/**
 * Compares this program and its policy pack with programs without resources and packs, as users run them.
 * The goals are at most 1.3 times an empty program, and at most 0.45 times an AWS program with AWSGuard.
 */
export async function benchPreview(): Promise<string> {
  const kinds = [
    ["this program with its policy pack", "own"],
    ["`pulumi new typescript`, without resources", "new-typescript"],
    ["the same with an empty JavaScript pack", "new-typescript-with-empty-pack"],
    ["`pulumi new aws-typescript`, without resources", "new-aws-typescript"],
    [`the same with all rules of ${awsguard}`, "new-aws-typescript-with-awsguard"],
  ] as const;
  const times = await previewRounds(
    kinds.map(([, kind]) => kind),
    rounds,
  );
  return [
    "## Preview",
    "",
    `Medians of ${rounds} complete runs of \`pulumi preview\`, in turn; ratios are medians of the ratios within a ` +
      "round. Caches are warm. The providers are already running, so the start of the sandbox's providers does " +
      "not count. The goals are at most 1.3× the first new program, and at most 0.45× the last.",
    "",
    table(
      ["preview of", "milliseconds", "this program in comparison"],
      kinds.map(([name, kind]) => {
        const ratios = times.own.map((ms, round) => ms / (times[kind][round] ?? Number.NaN));
        return [name, median(times[kind]).toFixed(0), ratio(median(ratios), 1)];
      }),
    ),
  ].join("\n");
}
