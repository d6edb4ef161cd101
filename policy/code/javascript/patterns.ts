import type { Pattern } from "acorn";
import { type Scope, type Source, valueSource } from "./scopes.ts";
import { keyNameOf } from "./syntax.ts";

type OnName = (name: string, source: Source) => void;

/** Patterns inside each other; members below this depth of a value stay unknown. */
const maximumPatternDepth = 30;

const unknownSource: Source = { kind: "unknown", name: undefined };

/** Calls `onName` with each name in a pattern and the part of `value` that it gets. */
export function forNamesIn(pattern: Pattern, value: Source | undefined, onName: OnName): void {
  switch (pattern.type) {
    case "Identifier":
      onName(pattern.name, value ?? unknownSource);
      return;
    case "AssignmentPattern":
      forNamesIn(pattern.left, value, onName);
      return;
    case "RestElement":
      forNamesIn(pattern.argument, value, onName);
      return;
    case "ArrayPattern":
      for (const [index, element] of pattern.elements.entries()) {
        if (element) forNamesIn(element, memberSource(value, String(index)), onName);
      }
      return;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        if (property.type === "RestElement") forNamesIn(property, value, onName);
        else {
          const name = keyNameOf(property);
          const member = name === undefined ? undefined : memberSource(value, name);
          forNamesIn(property.value, member, onName);
        }
      }
      return;
    default:
  }
}

/** Calls `onName` with each name in a pattern and its part of a default value: `{ a = b }`. */
export function forDefaultsIn(pattern: Pattern, scope: Scope, onName: OnName): void {
  switch (pattern.type) {
    case "AssignmentPattern":
      forNamesIn(pattern.left, valueSource(pattern.right, scope), onName);
      forDefaultsIn(pattern.left, scope, onName);
      return;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element) forDefaultsIn(element, scope, onName);
      return;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        if (property.type === "Property") forDefaultsIn(property.value, scope, onName);
      }
      return;
    default:
  }
}

function memberSource(value: Source | undefined, name: string): Source {
  return value?.kind === "value" && value.path.length < maximumPatternDepth
    ? { ...value, path: [...value.path, name] }
    : { kind: "unknown", name };
}
