import { sessionFunctions } from "../../data/python-names.ts";
import { standardModules } from "../../data/python-standard-modules.ts";
import { argument, argumentsOf, bindCall } from "./arguments.ts";
import { evaluateMethod, variableOf } from "./built-in-methods.ts";
import { memberOfInstance } from "./classes.ts";
import { created } from "./created-clients.ts";
import type { Evaluator } from "./evaluator.ts";
import { inputsOfOwned } from "./parts.ts";
import type { Frame, Located } from "./scopes.ts";
import { credentialsOf } from "./sessions.ts";
import { child } from "./syntax.ts";
import {
  type ClientValue,
  type CollectionValue,
  type FunctionValue,
  type GivenArgument,
  type MemberValue,
  unknown,
  unrelated,
  type Value,
} from "./value.ts";

/** What a call returns. */
export function evaluateCall(call: Located, evaluator: Evaluator): readonly Value[] {
  const callee = child(call.node, "function");
  if (!callee) return [unknown];
  const values = evaluator.evaluate({ ...call, node: callee });
  const found = values.flatMap((it) => returnedBy(it, call, evaluator));
  const ofMethod =
    callee.type === "attribute" ? evaluateMethod(call, callee, evaluator) : undefined;
  if (!ofMethod) return found.length > 0 || values.length === 0 ? found : [unknown];
  return [...ofMethod, ...found.filter(({ kind }) => kind !== "unknown" && kind !== "unrelated")];
}

function returnedBy(callee: Value, call: Located, evaluator: Evaluator): readonly Value[] {
  switch (callee.kind) {
    case "library":
      return ofLibrary(callee.name, argumentsOf(call), call, evaluator);
    case "library-object":
      return callee.of === "operator.attrgetter"
        ? attributesOf(callee.inputs, argumentsOf(call), evaluator)
        : [unknown];
    case "partial":
      return ofLibrary(callee.name, [...callee.given, ...argumentsOf(call)], call, evaluator);
    case "function":
      return ofFunction(callee, call, evaluator);
    case "class":
      return [{ kind: "instance", class: callee, isExact: true }];
    case "instance":
      return (memberOfInstance(callee, "__call__", evaluator) ?? []).flatMap((it) =>
        returnedBy(it, call, evaluator),
      );
    case "method":
      return ofClient(callee.client, callee.name, call, evaluator);
    case "resource-member":
      return [ofResource(callee, call)];
    case "collection-member":
      return [ofCollection(callee.collection, callee.member.kind, call)];
    case "response":
      return [callee];
    case "unrelated":
      return [unrelated];
    default:
      return [unknown];
  }
}

function ofFunction(called: FunctionValue, call: Located, evaluator: Evaluator): readonly Value[] {
  const parameters =
    evaluator.program.at(called.scope.file)?.scopes.parameters.get(called.node) ?? [];
  const frame: Frame = {
    function: called.node,
    given: bindCall(parameters, call, called.self ? 1 : 0),
    self: called.self,
    outer: called.frame,
  };
  return evaluator.returnedBy(called, frame);
}

/** Functions whose result has the values of their first argument. */
const passing: readonly string[] = [
  "asyncio.run",
  "boto3.s3.transfer.S3Transfer",
  "builtins.aiter",
  "builtins.iter",
  "builtins.list",
  "builtins.reversed",
  "builtins.set",
  "builtins.sorted",
  "builtins.str",
  "builtins.tuple",
  "contextlib.aclosing",
  "contextlib.closing",
  "copy.copy",
];

/** The attributes of an object with the names that the first of `names` can have. */
function attributesOf(
  [name]: readonly GivenArgument[],
  [object]: readonly GivenArgument[],
  evaluator: Evaluator,
): readonly Value[] {
  const names = name ? evaluator.evaluate(name.value) : [];
  return names.flatMap((it) =>
    it.kind === "string" && object
      ? evaluator.membersOf(evaluator.evaluate(object.value), it.text)
      : [unknown],
  );
}

/** `__import__("a.b")` gives `a`. */
function moduleNamed(name: string, loader: string): string {
  const [first = name] = name.split(".");
  return loader === "builtins.__import__" ? first : name;
}

/** `partial(value, …)` */
function withGiven(value: Value, given: readonly GivenArgument[]): Value {
  switch (value.kind) {
    case "method":
      return { ...value, given: [...value.given, ...given] };
    case "library":
      return { kind: "partial", name: value.name, given };
    default:
      return value;
  }
}

function ofLibrary(
  name: string,
  given: readonly GivenArgument[],
  call: Located,
  evaluator: Evaluator,
): readonly Value[] {
  const evaluate = (it: Located | undefined) => (it ? evaluator.evaluate(it) : []);
  const first = argument(given, undefined, 0);
  if (sessionFunctions.includes(name)) {
    return [{ kind: "session", credentials: credentialsOf(given, evaluator, 0) }];
  }
  const [, factory] = /^(?:aio)?boto3\.(client|resource)$/.exec(name) ?? [];
  if (factory) return created(factory, "own", given, evaluator);
  if (passing.includes(name)) return evaluate(first);
  switch (name) {
    case "typing.cast":
    case "typing_extensions.cast":
      return evaluate(argument(given, "val", 1));
    case "builtins.next":
    case "builtins.anext":
      return evaluator.follow(evaluate(first), ["any element"]);
    case "builtins.dict":
    case "types.SimpleNamespace":
      return first ? evaluate(first) : dictionaryOf(call);
    case "builtins.getattr":
      return attributesOf(given.slice(1, 2), given, evaluator);
    case "builtins.super":
      return ofSuper(call, evaluator);
    case "builtins.__import__":
    case "importlib.import_module":
      return evaluate(first).map((it) =>
        it.kind === "string"
          ? evaluator.program.importedIn(call.scope.file, moduleNamed(it.text, name), 0)
          : unknown,
      );
    case "os.getenv":
    case "decouple.config":
      return variableOf(first ?? argument(given, "key"), evaluator);
    case "functools.partial":
      return evaluate(first).map((it) => withGiven(it, given.slice(1)));
    case "dataclasses.field":
    case "pydantic.Field": {
      const factoryValues = evaluate(argument(given, "default_factory"));
      const ofFactory = factoryValues.flatMap((it) =>
        returnedBy(it, withoutArguments(call), evaluator),
      );
      return [...ofFactory, ...evaluate(argument(given, "default") ?? first)];
    }
    default:
      // What a queue or another container gives may be what the program has put into it.
      return isOfContainer(name) || passes(name, given, evaluator)
        ? [unknown]
        : [{ kind: "library-object", of: name, inputs: given }];
  }
}

/** True for a function of Python that may give what it gets: `random.choice(clients)`, `nullcontext(client)`. */
function passes(name: string, given: readonly GivenArgument[], evaluator: Evaluator): boolean {
  const [module = ""] = name.split(".");
  const known = ["unrelated", "string", "environment-variable", "none", "response"];
  return (
    (module === "builtins" || standardModules.includes(module)) &&
    given.some(({ value }) => evaluator.evaluate(value).some(({ kind }) => !known.includes(kind)))
  );
}

/** True for a method of an object that the standard library creates. */
function isOfContainer(name: string): boolean {
  const [module = ""] = name.split(".");
  return name.includes("().") && standardModules.includes(module);
}

/** The call as one that passes nothing: a factory gets no argument. */
function withoutArguments({ scope, frame }: Located): Located {
  return {
    node: { type: "call", field: undefined, text: "", line: 0, children: [] },
    scope,
    frame,
  };
}

function dictionaryOf(call: Located): readonly Value[] {
  const node = child(call.node, "arguments");
  return node ? [{ ...call, node, kind: "dict" }] : [unknown];
}

/** `super()`: an object of the class's bases. */
function ofSuper({ scope }: Located, evaluator: Evaluator): readonly Value[] {
  for (let it: Located["scope"] | undefined = scope; it; it = it.parent) {
    if (it.kind !== "class" || !it.parent) continue;
    const bases = child(it.node, "superclasses")?.children ?? [];
    const parent = it.parent;
    return bases.flatMap((node) =>
      evaluator
        .evaluate({ node, scope: parent })
        .map(
          (value): Value =>
            value.kind === "class" ? { kind: "instance", class: value, isExact: true } : unknown,
        ),
    );
  }
  return [unknown];
}

function ofClient(
  client: ClientValue,
  name: string,
  call: Located,
  evaluator: Evaluator,
): readonly Value[] {
  if (name === "get_paginator" || name === "get_waiter") {
    const given = argumentsOf(call);
    const parameter = name === "get_paginator" ? "operation_name" : "waiter_name";
    const first = argument(given, parameter, 0);
    const names = first ? evaluator.evaluate(first) : [];
    const kind = name === "get_paginator" ? "paginator" : "waiter";
    const { node } = call;
    return names.map((it) =>
      it.kind === "string" ? { kind, client, name: it.text, node } : unknown,
    );
  }
  if (name === "__aenter__" || name === "__enter__") return [client];
  return [{ kind: "response", method: name }];
}

function ofResource({ resource, name, member }: MemberValue, call: Located): Value {
  const { service, credentials } = resource;
  switch (member.kind) {
    case "sub-resource": {
      const given = argumentsOf(call).map((it, index) => ({
        ...it,
        name: it.name ?? member.parameters[index],
      }));
      const inputs = [...resource.inputs, ...given];
      return { kind: "resource", service, type: member.type, inputs, isLoaded: false, credentials };
    }
    case "action": {
      if (!member.result) return { kind: "response", method: member.method };
      const { type, isLoaded } = member.result;
      const inputs = inputsOfOwned(resource, type);
      return { kind: "resource", service, type, inputs, isLoaded, credentials };
    }
    default:
      return /^__a?enter__$/.test(name) ? resource : { kind: "response", method: member.kind };
  }
}

function ofCollection(collection: CollectionValue, kind: string, call: Located): Value {
  if (kind !== "collection" && kind !== "pages") return { kind: "response", method: kind };
  return { ...collection, inputs: [...collection.inputs, ...argumentsOf(call)] };
}
