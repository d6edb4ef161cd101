import type { Evaluator } from "./evaluator.ts";
import { serviceType } from "./resources.ts";
import { credentialsOf, servicesOf } from "./sessions.ts";
import { type Credentials, type GivenArgument, unknown, type Value } from "./value.ts";

/** `boto3.client("ec2")`; a service that is not known is left out. */
export function created(
  factory: string,
  inherited: Credentials,
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): readonly Value[] {
  const own = credentialsOf(given, evaluator, 6);
  const credentials = own === "own" ? inherited : own;
  const values = servicesOf(given, evaluator).flatMap((it): Value[] => {
    if (it.kind !== "string") return [];
    const service = it.text;
    return factory === "resource"
      ? [{ kind: "resource", service, type: serviceType, inputs: [], isLoaded: false, credentials }]
      : [{ kind: "client", service, credentials }];
  });
  return values.length > 0 ? values : [unknown];
}

/** `session.client("ec2")`; nothing for a method that creates no client. */
export function createdBy(
  method: string,
  credentials: Credentials,
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): readonly Value[] {
  const [, factory] = /^(?:create_)?(client|resource)$/.exec(method) ?? [];
  return factory === undefined ? [] : created(factory, credentials, given, evaluator);
}
