import { UnknownValueError } from "@pulumi/policy";

/** A value of a resource; in a preview it may not be known yet. */
export type Field<T> = { readonly isKnown: true; readonly value: T } | { readonly isKnown: false };

/**
 * Reads a value. Reading an unknown one throws in a policy pack, and the engine would then let the
 * resource pass with no more than an advice; so every rule reads through this.
 */
export function read<T>(get: () => T): Field<T> {
  try {
    return { isKnown: true, value: get() };
  } catch (error) {
    if (error instanceof UnknownValueError) return { isKnown: false };
    throw error;
  }
}

/** One value, or a list of them, as a list of fields; nothing is an empty list. */
export function readList(get: () => unknown): Field<unknown>[] {
  const field = read(get);
  if (!field.isKnown) return [field];
  const { value } = field;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [field];
  // By index: iterating would read, and so throw at, the first unknown element.
  return Array.from({ length: value.length }, (_, index) => read(() => value[index] as unknown));
}

/** How a field is named in a finding: its text, or that it is not known. */
export function show(field: Field<unknown>): string {
  if (!field.isKnown) return "(not known before deployment)";
  return typeof field.value === "string" ? field.value : JSON.stringify(field.value);
}
