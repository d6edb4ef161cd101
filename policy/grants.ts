/**
 * A statement that a component has in its `grants` input, so that the pack sees actions and
 * resources leaf by leaf in a preview in which the policy document is one unknown string.
 *
 * `Input` is Pulumi's `Input`; the pack itself sees plain values.
 */
export interface Grant<Input = string> {
  /** Unique in the component. */
  readonly sid: string;
  /** For example `sns:Publish`. */
  readonly actions: readonly Input[];
  /** ARNs; those of resources that do not exist yet may be unknown in the preview. */
  readonly resources: readonly Input[];
  /** As in the Condition element: operator → key → value or values. */
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, Input | readonly Input[]>>>
  >;
}
