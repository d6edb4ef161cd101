// `npm run bench`: ratios of one run, as tables on the screen and in bench/results.md.
// `npm run bench -- --storm`: a storm of alerts alone, on the screen; `--preview`: previews; `--policy`:
// the policy pack.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchPolicyStacks } from "../policy/bench/policy-stacks.ts";
import { benchPackageSize } from "./package-size.ts";
import { benchPolicyPreview } from "./policy-preview.ts";
import { benchPreview } from "./preview.ts";
import { benchQuery } from "./query.ts";
import { benchStorm } from "./storm.ts";
import { benchWebhook } from "./webhook.ts";

const title =
  "# Benchmarks\n\nWritten by `npm run bench`. The ratios are of one run on one machine; absolute " +
  "times are only for comparison within it.";

if (process.argv.includes("--storm")) {
  console.log(await benchStorm());
  process.exit(0);
}
if (process.argv.includes("--preview")) {
  console.log(await benchPreview());
  process.exit(0);
}
if (process.argv.includes("--policy")) {
  for (const bench of [benchPolicyPreview, benchPolicyStacks]) console.log(`\n${await bench()}`);
  process.exit(0);
}
const benches = [
  benchPackageSize,
  benchPreview,
  benchPolicyPreview,
  benchPolicyStacks,
  benchQuery,
  benchWebhook,
];
const parts = [title];
for (const bench of benches) {
  const part = await bench();
  console.log(`\n${part}`);
  parts.push(part);
}
writeFileSync(join(import.meta.dirname, "results.md"), `${parts.join("\n\n")}\n`);
process.exit(0);
