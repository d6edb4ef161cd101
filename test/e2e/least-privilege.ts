import { createRequire } from "node:module";
import { join } from "node:path";
import type { Grant } from "../../infra/grants.ts";
import type { UsedArns } from "../../infra/reboot-grants.ts";
import { loadProgram, reloadProgram } from "../../sandbox/engine/program.ts";
import { root, type TestEnvironment, waived, writeConfig } from "../../sandbox/test-environment.ts";

const require = createRequire(import.meta.url);

/** A statement of the function's role: its resource, and an action that nothing needs there. */
export interface Row {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly on: string;
  readonly extra: string;
}

export const rows: readonly Row[] = [
  {
    sid: "ClaimReboots",
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    on: " on aws:dynamodb/table:Table reboot-table",
    extra: "dynamodb:DeleteItem",
  },
  {
    sid: "DescribeInstances",
    actions: ["ec2:DescribeInstanceStatus"],
    on: "",
    extra: "ec2:DescribeInstances",
  },
  {
    sid: "RebootTheInstance",
    actions: ["ec2:RebootInstances"],
    on: " on aws:ec2/instance:Instance web-server",
    extra: "ec2:StopInstances",
  },
  {
    sid: "PublishNotifications",
    actions: ["sns:Publish"],
    on: " on aws:sns/topic:Topic notifications",
    extra: "sns:Subscribe",
  },
  {
    sid: "ScheduleChecks",
    actions: ["sqs:SendMessage"],
    on: " on aws:sqs/queue:Queue reboot-checks",
    extra: "sqs:SetQueueAttributes",
  },
  {
    sid: "ReceiveChecks",
    actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
    on: " on aws:sqs/queue:Queue reboot-checks",
    extra: "sqs:PurgeQueue",
  },
  {
    sid: "KeepFailedInvocations",
    actions: ["sqs:SendMessage"],
    on: " on aws:sqs/queue:Queue reboot-dead-letters",
    // Needed only on the other queue.
    extra: "sqs:ReceiveMessage",
  },
  {
    sid: "WriteLogs",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    on: " on aws:cloudwatch/logGroup:LogGroup reboot-log",
    extra: "logs:DeleteLogStream",
  },
];

/** Loads this program with changed grants of the function. */
export function programWith(change: (grants: Grant[]) => Grant[]) {
  return (program: string) => {
    const file = "infra/reboot-grants.ts";
    reloadProgram(file);
    const module = require(join(root, file));
    const { rebootGrants } = module;
    module.rebootGrants = (arns: UsedArns) => change(rebootGrants(arns));
    return loadProgram(program);
  };
}

/** The findings of the first preview of this program with changed grants, without what to do about them. */
export async function violationsWith(
  environment: TestEnvironment,
  change: (grants: Grant[]) => Grant[],
): Promise<string[]> {
  const engine = await environment.createEngine({
    folder: join(environment.folder, String(Math.random())),
    policyPackConfig: writeConfig(environment, waived),
    load: programWith(change),
  });
  const { violations } = await engine.preview().catch((error) => error);
  return violations.map((it: string) => it.split(": ").slice(0, -1).join(": "));
}

/** Changes for a row: without its statement, and with one more statement that has the row's extra action. */
export const without =
  ({ sid }: Row) =>
  (grants: Grant[]) =>
    grants.filter((it) => it.sid !== sid);
export const withExtra =
  ({ sid, extra }: Row) =>
  (grants: Grant[]) => [
    ...grants,
    ...grants
      .filter((it) => it.sid === sid)
      .map((it) => ({ ...it, sid: "Added", actions: [extra] })),
  ];
