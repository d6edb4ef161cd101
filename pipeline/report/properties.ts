/** A value of a resource's property, as the engine's events have it. */
export type Value = null | boolean | number | string | readonly Value[] | Properties;

/** An object of which only own members count: the author of an event may call one `__proto__`. */
export interface Properties {
  readonly [key: string]: unknown;
}

/** The member of that name, if the object itself has it. */
export function own(object: Properties, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True where both have the same content. It follows nesting, of which events have little (events.ts). */
export function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(own(a, key), own(b, key)))
  );
}

/** The names that either has, sorted, without those with which Pulumi keeps books. */
export function namesOf(...objects: readonly Properties[]): string[] {
  const bookkeeping = new Set(["__defaults", "__meta"]);
  return [...new Set(objects.flatMap((it) => Object.keys(it)))]
    .filter((it) => !bookkeeping.has(it))
    .sort();
}
