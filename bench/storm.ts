import { bareFunction, createOpen, ownFunction, postAlert, withStack } from "./functions.ts";
import { ratio, table } from "./table.ts";

const posts = 10_000;
const side = 50;

/**
 * Sends 10,000 alerts, 50 at a time, every third one identical, to the stack's function and to a bare Python
 * function, which reboots for each one. Throws unless the stack's function reboots exactly once and
 * responds to every alert with 200.
 */
export function benchStorm(): Promise<string> {
  return withStack(async ({ environment, stack, lambda }) => {
    const bareUrl = await createOpen(lambda, bareFunction(await ownFunction(lambda, stack)));

    const storm = async (url: string): Promise<Storm> => {
      const before = environment.gateway.calls.length;
      const startMs = performance.now();
      const times: number[] = [];
      const queue = Array.from({ length: posts }, (_, index) => (index % 3 === 0 ? 0 : index));
      const send = async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const sentMs = performance.now();
          const alertUrl = `https://service.sumologic.com/ui/#/alert/${next}`;
          const { status, body } = await postAlert(environment, stack, { url, alertUrl });
          if (status !== 200)
            throw new Error(`an alert got the response ${status} ${body}; expected 200`);
          times.push(performance.now() - sentMs);
        }
      };
      await Promise.all(Array.from({ length: side }, send));
      const reboots = environment.gateway.calls
        .slice(before)
        .filter(({ action }) => action === "ec2:RebootInstances").length;
      return { seconds: (performance.now() - startMs) / 1_000, times, reboots };
    };
    const own = await storm(stack.functionUrl);
    if (own.reboots !== 1) throw new Error(`${own.reboots} reboots in the storm; expected 1`);
    return report(own, await storm(bareUrl));
  });
}

interface Storm {
  readonly seconds: number;
  readonly times: number[];
  readonly reboots: number;
}

function report(own: Storm, bare: Storm): string {
  const row = (name: string, figure: (storm: Storm) => number) => [
    name,
    figure(own).toFixed(0),
    figure(bare).toFixed(0),
    ratio(figure(own), figure(bare)),
  ];
  return [
    "## Storm of alerts",
    "",
    `${posts} alerts, ${side} at a time, every third one identical.`,
    "",
    table(
      ["", "this function", "bare Python function", "ratio"],
      [
        row("reboots", ({ reboots }) => reboots),
        row("responses per second", ({ seconds }) => posts / seconds),
        ...[50, 95, 99].map((percent) =>
          row(`response time, ${percent}th percentile, ms`, ({ times }) =>
            percentile(times, percent),
          ),
        ),
      ],
    ),
  ].join("\n");
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
