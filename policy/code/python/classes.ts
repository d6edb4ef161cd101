import { addTo } from "../../groups.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Parameter, Scope, Source } from "./scopes.ts";
import { settingOf } from "./settings.ts";
import { child, lastNameIn, type PyNode } from "./syntax.ts";
import type { ClassValue, FunctionValue, InstanceValue, Value } from "./value.ts";

/** Classes that inherit from each other; what is further up is not searched. */
const maximumBases = 20;

/** What the first parameter of a method is bound to; undefined for that of another function. */
export function selfOf(
  { function: method, scope }: Parameter,
  evaluator: Evaluator,
): InstanceValue | ClassValue | undefined {
  if (scope.kind !== "class" || !scope.parent) return undefined;
  const itself: ClassValue = { kind: "class", node: scope.node, scope: scope.parent };
  const decorators = decoratorsOf(method, scope, evaluator);
  if (decorators.includes("staticmethod")) return undefined;
  const isOfClass = decorators.includes("classmethod") || child(method, "name")?.text === "__new__";
  return isOfClass ? itself : { kind: "instance", class: itself, isExact: false };
}

/** A member of an object, with methods bound to it; undefined if its classes have none of the name. */
export function memberOfInstance(
  instance: InstanceValue,
  name: string,
  evaluator: Evaluator,
): readonly Value[] | undefined {
  const own = searchMember(instance.class, name, evaluator);
  const below = instance.isExact ? undefined : searchBelow(instance.class, name, evaluator);
  const found = own || below ? [...(own ?? []), ...(below ?? [])] : undefined;
  return found?.flatMap((it) => bound(it, instance, evaluator));
}

/** A member of a class itself. */
export function memberOfClass(
  value: ClassValue,
  name: string,
  evaluator: Evaluator,
): readonly Value[] | undefined {
  return searchMember(value, name, evaluator)?.flatMap((it) => {
    const isClassMethod =
      it.kind === "function" && decoratorsOf(it.node, it.scope, evaluator).includes("classmethod");
    return isClassMethod ? [{ ...it, self: value }] : [it];
  });
}

/** The classes that a class inherits from, nearest first, with itself. Those of libraries are values of kind `library`. */
export function basesOf(value: ClassValue, evaluator: Evaluator): readonly Value[] {
  const found: Value[] = [value];
  for (let index = 0; index < found.length && found.length < maximumBases; index++) {
    const it = found[index];
    if (it?.kind !== "class") continue;
    const { node, scope, frame } = it;
    for (const base of child(node, "superclasses")?.children ?? []) {
      if (base.type === "keyword_argument") continue;
      for (const each of evaluator.evaluate({ node: base, scope, frame })) {
        const isNew =
          each.kind !== "class" ||
          found.every((other) => other.kind !== "class" || other.node !== each.node);
        if (isNew) found.push(each);
      }
    }
  }
  return found;
}

function searchMember(
  value: ClassValue,
  name: string,
  evaluator: Evaluator,
): readonly Value[] | undefined {
  const bases = basesOf(value, evaluator);
  const setting = settingOf(name, bases, evaluator);
  if (setting) return [setting];
  for (const it of bases) {
    if (it.kind !== "class") continue;
    const { file } = it.scope;
    const sources = evaluator.program.at(file)?.scopes.members.get(it.node)?.get(name);
    if (sources)
      return [...evaluator.evaluateSources(sources, file), ...givenTo(it, name, evaluator)];
    const given = givenTo(it, name, evaluator);
    if (given.length > 0) return given;
  }
  return undefined;
}

/** What constructors of data classes get for a field. */
function givenTo(value: ClassValue, name: string, evaluator: Evaluator): readonly Value[] {
  return evaluator.givenToClass(value.node, name).flatMap((it) => evaluator.evaluate(it));
}

/** The members of that name in the classes that inherit from a class. */
function searchBelow(
  { node, scope }: ClassValue,
  name: string,
  evaluator: Evaluator,
): readonly Value[] | undefined {
  const below = evaluator.classesBelow(node);
  scope.budget.countSteps(below.length);
  const found = below.flatMap(({ file, members }) => {
    const sources = members.get(name);
    return sources ? evaluator.evaluateSources(sources, file) : [];
  });
  return found.length > 0 ? found : undefined;
}

/** The members of a class that inherits from another, in a file. */
export interface Descendant {
  readonly file: string;
  readonly members: ReadonlyMap<string, readonly Source[]>;
}

/** Adds the program's classes to those that they inherit from. */
export function addDescendants(to: Map<PyNode, Descendant[]>, evaluator: Evaluator): void {
  for (const { path: file, scopes } of evaluator.program.files) {
    for (const [node, members] of scopes.members) {
      const scope = scopes.byNode.get(node)?.parent;
      const bases = scope ? basesOf({ kind: "class", node, scope }, evaluator) : [];
      for (const it of bases) {
        if (it.kind === "class" && it.node !== node) addTo(to, it.node, { file, members });
      }
    }
  }
}

/** A function of a class as a member of an object: a bound method, or the value of a property. */
function bound(value: Value, self: InstanceValue, evaluator: Evaluator): readonly Value[] {
  if (value.kind !== "function" || value.node.type === "lambda") return [value];
  const decorators = decoratorsOf(value.node, value.scope, evaluator);
  if (decorators.includes("staticmethod")) return [value];
  const method: FunctionValue = {
    ...value,
    self: decorators.includes("classmethod") ? self.class : self,
  };
  return decorators.some((it) => /property$/.test(it)) ? evaluator.returnedBy(method) : [method];
}

/** The last names of a function's decorators: `cached_property` of `@functools.cached_property`. */
export function decoratorsOf(
  node: PyNode,
  { file }: Scope,
  evaluator: Evaluator,
): readonly string[] {
  const decorators = evaluator.program.at(file)?.scopes.decorators.get(node) ?? [];
  return decorators.map(({ node: it }) => lastNameIn(it));
}
