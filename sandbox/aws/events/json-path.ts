/**
 * The value at a path such as `$.detail.ids[0]`; `undefined` if there is none. Throws for what the sandbox
 * does not support, such as wildcards.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
export function valueAt(path: string, root: unknown): unknown {
  if (!/^\$(\.[\w-]+|\[\d+\])*$/.test(path)) {
    throw new Error(`unsupported JSON path: got "${path}"; expected for example $.detail.id`);
  }
  const steps = path.match(/[\w-]+/g) ?? [];
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string, unknown>)[step]
        : undefined,
    root,
  );
}
