import * as pulumi from "@pulumi/pulumi";

/**
 * One Allow statement of a role, leaf by leaf. Components take their grants in this form, so that
 * a preview shows each action and resource to the policy pack: a provider turns a whole policy
 * document into one unknown text as soon as one ARN in it is unknown.
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
 * A component's inputs of its grants: as `grants`, and the resources of each once more under its
 * Sid. The engine records for each input of a component where it comes from, and no finer, so only
 * so does a preview know which ARN is of which resource.
 */
export function grantInputs(grants: readonly Grant[]): pulumi.Inputs {
  return { grants, ...Object.fromEntries(grants.map((it) => [it.sid, it.resources])) };
}

/** The IAM policy document of these grants, as JSON text. */
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

/** The trust policy that lets exactly one AWS service assume a role, as JSON text. */
export function trustPolicy(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });
}
