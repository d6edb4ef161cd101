import * as pulumi from "@pulumi/pulumi";

/**
 * One Allow statement of a role. Components accept grants in this form so that the policy pack sees each
 * action and resource in a preview: in a policy document, one unknown ARN makes the whole string unknown.
 */
export interface Grant {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  /** Operator → key → value, as in the IAM grammar. */
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>
  >;
}

/**
 * The inputs of a component with grants: `grants`, and the resources of each grant again under its Sid. The
 * engine records dependencies per input. With one input per Sid, a preview shows which resource an unknown
 * ARN is of.
 */
export function grantInputs(grants: readonly Grant[]): pulumi.Inputs {
  return { grants, ...Object.fromEntries(grants.map((it) => [it.sid, it.resources])) };
}

/** The IAM policy document of these grants, as JSON. */
export function policyDocument(grants: readonly Grant[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: grants.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(conditions && { Condition: conditions }),
    })),
  });
}

/**
 * The trust policy that lets exactly one AWS service assume a role, as JSON. With `sourceAccount` the service may
 * assume it only on behalf of that account; not every service says on whose behalf it acts.
 */
export function trustPolicy(
  service: string,
  sourceAccount?: pulumi.Input<string>,
): pulumi.Output<string> {
  const condition = { StringEquals: { "aws:SourceAccount": sourceAccount } };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: service },
        ...(sourceAccount !== undefined && { Condition: condition }),
      },
    ],
  });
}
