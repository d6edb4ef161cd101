import type * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../../../infra/grants.ts";
import { rebootGrants } from "../../../infra/reboot-grants.ts";
import type { Names } from "../names.ts";
import type { Settings } from "../settings.ts";
import { theInstance } from "./instance.ts";

/**
 * The most that the function's role may ever do, whatever policies and trust it has: what the program gives to it,
 * on the stack's resources, and from the function alone. A session of anybody else lacks the key
 * lambda:SourceFunctionArn, which Lambda puts into the credentials of a function's code and of its log
 * (docs/decisions/0042-the-functions-role-works-in-the-function-alone.md).
 */
export function boundaryGrants(names: Names, { evidence }: Pick<Settings, "evidence">): Grant[] {
  const { resources, conditions } = theInstance(names);
  const [instance] = resources as [pulumi.Input<string>];
  const inFunction = { ArnEquals: { "lambda:SourceFunctionArn": names.function } };
  return rebootGrants({
    instance,
    topic: names.named("notifications"),
    logGroup: names.logGroup,
    table: names.named("reboot-table"),
    checkQueue: names.named("reboot-checks"),
    deadLetterQueue: names.named("reboot-dead-letters"),
    ...(evidence && { evidenceBucket: names.evidenceBucket }),
  }).map((it) => ({
    ...it,
    conditions: {
      ...(onInstance.includes(it.sid) && conditions),
      ...(!callsOfLambda.includes(it.sid) && inFunction),
    },
  }));
}

/** Statements about the instance, which tags may have to identify. */
const onInstance = ["RebootTheInstance", "CaptureConsole"];

/**
 * Statements for calls that Lambda makes outside the function, without that key: it polls the queue and keeps failed
 * asynchronous calls. https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
 */
const callsOfLambda = ["ReceiveChecks", "KeepFailedInvocations"];
