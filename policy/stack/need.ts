import type { PolicyResource } from "@pulumi/policy";

/** Something that a role must be allowed, or may use, and why. */
export interface Need {
  /** The resource whose code or configuration it comes from. */
  readonly of: PolicyResource;
  /** A sentence without full stop, with its source where it is a fact of AWS. */
  readonly why: string;
  /** False where it only explains a grant: some cases need it. */
  readonly isRequired: boolean;
  /** Ways to allow it, of which one will do. */
  readonly ways: readonly Way[];
}

/** An action, and the resources of the stack of which it is for one. */
export interface Way {
  readonly action: string;
  /** None where it is not known which: then any will do. */
  readonly resources: readonly PolicyResource[];
  /** Values that name resources elsewhere, such as an ARN in the code, or an id in the environment. */
  readonly texts: readonly string[];
  /** True where the call itself names nothing: the resources are those that the environment knows. */
  readonly isGuess?: boolean;
}
