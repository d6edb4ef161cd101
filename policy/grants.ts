/**
 * A statement that a component gives as one of its `grants`, so that the pack sees actions and
 * resources leaf by leaf in a preview in which the policy document is one unknown text.
 *
 * `Input` is Pulumi's `Input`; the pack itself sees plain values.
 */
export interface Grant<Input = string> {
  /** Unique among the grants of the component. */
  readonly sid: string;
  /** Such as `sns:Publish`. */
  readonly actions: readonly Input[];
  /** ARNs; those of resources that do not exist yet may be unknown in the preview. */
  readonly resources: readonly Input[];
  /** As in the Condition element: operator → key → value or values. */
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, Input | readonly Input[]>>>
  >;
}
