import { isNamingMember } from "../naming-members.ts";
import { memberOfInstance } from "./classes.ts";
import type { Evaluator } from "./evaluator.ts";
import { isNamedByOwner } from "./resources.ts";
import type { Located, Step } from "./scopes.ts";
import { child, type PyNode } from "./syntax.ts";
import {
  type CollectionValue,
  type GivenArgument,
  type InstanceValue,
  type ResourceValue,
  unknown,
  type Value,
} from "./value.ts";

/** The parts of a value that a step leads to. */
export function partOf(value: Value, step: Step, evaluator: Evaluator): readonly Value[] {
  switch (value.kind) {
    case "list":
      return evaluator.partOnce(value, step, () => partOfList(value, step, evaluator));
    case "dict":
      return evaluator.partOnce(value, step, () => partOfDictionary(value, step, evaluator));
    case "values":
      return value.of.flatMap((it) => evaluator.evaluate(it));
    case "items":
      return [{ kind: "pair", of: value.of }];
    case "pair":
      return step === 1 ? value.of.flatMap((it) => evaluator.evaluate(it)) : [unknown];
    case "generator":
      return value.yielded.flatMap((it) => evaluator.evaluate(it));
    case "collection":
      return [elementOf(value)];
    case "collection-member":
      return [elementOf(value.collection)];
    case "environment":
      return typeof step === "object"
        ? [{ kind: "environment-variable", name: step.key }]
        : [unknown];
    case "library":
      return value.name === "sys.modules" && typeof step === "object"
        ? [evaluator.program.importedIn("", step.key, 0)]
        : [step === "context" ? value : unknown];
    case "instance":
      return step === "context" ? entered(value, evaluator) : [unknown];
    case "environment-variable":
    case "resource":
    case "response":
      return [value];
    case "none":
      return [];
    default:
      return step === "context" ? [value] : [unknown];
  }
}

/** What `with` binds for an object of the program's own class. */
function entered(value: InstanceValue, evaluator: Evaluator): readonly Value[] {
  const methods = ["__enter__", "__aenter__"].flatMap(
    (it) => memberOfInstance(value, it, evaluator) ?? [],
  );
  const returned = methods.flatMap((it) =>
    it.kind === "function" ? evaluator.returnedBy(it) : [],
  );
  return returned.length > 0 ? returned : [value];
}

function partOfList(
  { node, scope, frame }: Located,
  step: Step,
  evaluator: Evaluator,
): readonly Value[] {
  const elements = node.children;
  const hasSplat = elements.some(({ type }) => type === "list_splat");
  // What is empty at first is filled later: `clients.append(…)`.
  if (elements.length === 0) return [unknown];
  const chosen = typeof step === "number" && !hasSplat ? [elements.at(step)] : elements;
  return chosen.flatMap((it) => {
    if (!it) return [unknown];
    const values = evaluator.evaluate({ node: it, scope, frame });
    return it.type === "list_splat" ? evaluator.follow(values, ["any element"]) : values;
  });
}

function partOfDictionary(
  { node, scope: outer, frame }: Located,
  step: Step,
  evaluator: Evaluator,
): readonly Value[] {
  const scope = evaluator.program.at(outer.file)?.scopes.byNode.get(node) ?? outer;
  const found: Value[] = [];
  const others: Value[] = [];
  for (const it of node.children) {
    if (it.type === "dictionary_splat") {
      const [inner] = it.children;
      const values = inner ? evaluator.evaluate({ node: inner, scope, frame }) : [];
      found.push(...evaluator.follow(values, [step]).filter(({ kind }) => kind !== "unknown"));
      continue;
    }
    const value = child(it, "value");
    const key = child(it, it.type === "pair" ? "key" : "name");
    if (!value || !key) continue;
    const isWanted =
      typeof step !== "object" || isKey({ node: key, scope, frame }, it, step.key, evaluator);
    if (isWanted) found.push(...evaluator.evaluate({ node: value, scope, frame }));
    else if (it.type === "pair" && key.type !== "string")
      others.push(...evaluator.evaluate({ node: value, scope, frame }));
  }
  if (found.length > 0) return found;
  return others.length > 0 ? others : [unknown];
}

function isKey(key: Located, parent: PyNode, text: string, evaluator: Evaluator): boolean {
  if (parent.type !== "pair") return key.node.text === text;
  return evaluator.evaluate(key).some((it) => it.kind === "string" && it.text === text);
}

/** The arguments that name an object which another one gives: those of the owner, or none. */
export function inputsOfOwned(owner: ResourceValue, type: string): readonly GivenArgument[] {
  return isNamedByOwner({ service: owner.service, owner: owner.type, type }) ? owner.inputs : [];
}

/** An object that iterating a collection gives: by the owner, and by the names in its filter. */
function elementOf({ resource, collection, inputs }: CollectionValue): Value {
  const { service, credentials } = resource;
  return {
    kind: "resource",
    service,
    type: collection.type,
    inputs: [
      ...inputsOfOwned(resource, collection.type),
      ...inputs.filter(({ name }) => isNamingMember(name ?? "")),
    ],
    isLoaded: collection.isLoaded,
    credentials,
  };
}
