import type { Grant } from "../../../infra/grants.ts";
import { rebootGrants } from "../../../infra/reboot-grants.ts";
import type { Names } from "../names.ts";
import type { Settings } from "../settings.ts";
import { instanceArns, theInstances } from "./instances.ts";

/**
 * The most that the function's role may ever do, whatever policies and trust it has: what the program gives to it,
 * on the stack's resources, and from the function alone. A session of anybody else lacks the key
 * lambda:SourceFunctionArn, which Lambda puts into the credentials of a function's code and of its log
 * (docs/decisions/0042-the-functions-role-works-in-the-function-alone.md).
 */
export function boundaryGrants(
  names: Names,
  { evidence, targetGroup }: Pick<Settings, "evidence" | "targetGroup">,
): Grant[] {
  const { resources, conditions } = theInstances(names);
  const inFunction = { ArnEquals: { "lambda:SourceFunctionArn": names.function } };
  return rebootGrants({
    instances: instanceArns(names),
    topic: names.named("notifications"),
    logGroup: names.logGroup,
    table: names.named("reboot-table"),
    checkQueue: names.named("reboot-checks"),
    deadLetterQueue: names.named("reboot-dead-letters"),
    ...(evidence && { evidenceBucket: names.evidenceBucket }),
    targetGroup,
  }).map((it) => ({
    ...it,
    ...(onInstances.includes(it.sid) && { resources }),
    conditions: {
      ...(onInstances.includes(it.sid) && conditions),
      ...(!callsOfLambda.includes(it.sid) && inFunction),
    },
  }));
}

/** Statements about the instances, which a condition may have to identify. */
const onInstances = ["RebootTheInstance", "CaptureConsole"];

/**
 * Statements for calls that Lambda makes outside the function, without that key: it polls the queue and keeps failed
 * asynchronous calls. https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
 */
const callsOfLambda = ["ReceiveChecks", "KeepFailedInvocations"];
