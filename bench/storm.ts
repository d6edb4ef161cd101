import type { RecordedCall } from "../sandbox/aws/gateway.ts";
import { openMailbox } from "../sandbox/aws/mail.ts";
import type { StackOutputs } from "../sandbox/scenario/stack-client.ts";
import type { TestEnvironment } from "../sandbox/test-environment.ts";
import { waitFor } from "../sandbox/wait.ts";
import { bareFunction, createOpen, ownFunction, postAlert, withStack } from "./functions.ts";
import { ratio, table } from "./table.ts";

const posts = 10_000;
const side = 50;
const instances = 50;

/**
 * Sends 10,000 alerts, 50 at a time, every third one identical, to the stack's function, to that of a group of 50
 * instances, and to a bare Python function, which reboots for each one. Throws unless the stack's
 * function reboots exactly once, that of the group not at all, with exactly one e-mail about the shared cause, and
 * both respond to every alert with 200.
 */
export async function benchStorm(): Promise<string> {
  const [own, bare] = await withStack(async ({ environment, stack, lambda }) => {
    const bareUrl = await createOpen(lambda, bareFunction(await ownFunction(lambda, stack)));
    const first = await storm(environment, stack, stack.functionUrl);
    if (first.reboots !== 1) throw new Error(`${first.reboots} reboots in the storm; expected 1`);
    return [first, await storm(environment, stack, bareUrl)] as const;
  });
  return report(own, await withStack(stormOfGroup, { groupOf: instances }), bare);
}

async function stormOfGroup({
  environment,
  stack,
}: {
  environment: TestEnvironment;
  stack: StackOutputs;
}): Promise<Storm> {
  const mailbox = await openMailbox(environment.aws, stack.topicArn);
  const before = environment.gateway.calls.length;
  const result = await storm(environment, stack, stack.functionUrl);
  // The alerts are decided ten seconds later.
  const subjects = [(await mailbox.next()).subject];
  await waitFor(
    "the decisions",
    async () => {
      while (mailbox.waiting() > 0) subjects.push((await mailbox.next()).subject);
      const { calls } = environment.gateway;
      return performance.now() - (calls.at(-1)?.atMs ?? 0) > 15_000;
    },
    { timeoutMs: 900_000 },
  );
  mailbox.stop();
  // Another one says that an alert could not be stored within its time limits, while functions start.
  const shared = subjects.filter((it) => it.startsWith("NOT rebooting, shared cause suspected"));
  if (shared.length !== 1) {
    throw new Error(`${shared.length} e-mails about the shared cause in the storm; expected 1`);
  }
  const reboots = rebootsIn(environment.gateway.calls.slice(before));
  if (reboots > 0) throw new Error(`${reboots} reboots in the storm of a group; expected 0`);
  return { ...result, reboots };
}

/** Alerts of a stack's instances in turn. Throws unless each gets the response 200. */
async function storm(
  environment: TestEnvironment,
  { instanceIds }: StackOutputs,
  url: string,
): Promise<Storm> {
  const before = environment.gateway.calls.length;
  const startMs = performance.now();
  const times: number[] = [];
  const queue = Array.from({ length: posts }, (_, index) => (index % 3 === 0 ? 0 : index));
  const send = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const sentMs = performance.now();
      const instanceId = instanceIds[next % instanceIds.length] ?? "";
      const alertUrl = `https://service.sumologic.com/ui/#/alert/${next}`;
      const { status, body } = await postAlert(environment, { instanceId }, { url, alertUrl });
      if (status !== 200)
        throw new Error(`an alert got the response ${status} ${body}; expected 200`);
      times.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: side }, send));
  const seconds = (performance.now() - startMs) / 1_000;
  return { seconds, times, reboots: rebootsIn(environment.gateway.calls.slice(before)) };
}

function rebootsIn(calls: readonly RecordedCall[]): number {
  return calls.filter(({ action }) => action === "ec2:RebootInstances").length;
}

interface Storm {
  readonly seconds: number;
  readonly times: number[];
  readonly reboots: number;
}

function report(own: Storm, group: Storm, bare: Storm): string {
  const row = (name: string, figure: (storm: Storm) => number) => [
    name,
    figure(own).toFixed(0),
    figure(group).toFixed(0),
    figure(own) === 0 ? "" : ratio(figure(group), figure(own)),
    figure(bare).toFixed(0),
    ratio(figure(own), figure(bare)),
  ];
  return [
    "## Storm of alerts",
    "",
    `${posts} alerts, ${side} at a time, every third one identical. Those of the group are of ${instances} instances in turn.`,
    "",
    table(
      [
        "",
        "this function",
        "of a group",
        "against one instance",
        "bare Python function",
        "this function against it",
      ],
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
