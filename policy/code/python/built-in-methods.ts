import { sessionFunctions } from "../../data/python-names.ts";
import { argument, argumentsOf } from "./arguments.ts";
import { basesOf, memberOfInstance } from "./classes.ts";
import { createdBy } from "./created-clients.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Located } from "./scopes.ts";

import { child, type PyNode } from "./syntax.ts";
import { type GivenArgument, unknown, type Value } from "./value.ts";

/** Methods of a string that keep what it names. */
const keeping: readonly string[] = [
  "format_map",
  "lower",
  "lstrip",
  "rstrip",
  "split",
  "strip",
  "upper",
];

/** Methods of values that are no objects of the program: of sessions, dictionaries, strings and the environment. */
export function evaluateMethod(
  call: Located,
  callee: PyNode,
  evaluator: Evaluator,
): readonly Value[] | undefined {
  const object = child(callee, "object");
  const name = child(callee, "attribute")?.text ?? "";
  if (!object) return undefined;
  const given = argumentsOf(call);
  const values = evaluator.evaluate({ ...call, node: object });
  const found = values.flatMap((it) => ofBuiltIn(it, name, given, evaluator));
  if (name === "enter_context" || name === "enter_async_context") {
    const [entered] = given;
    return entered && evaluator.follow(evaluator.evaluate(entered.value), ["context"]);
  }
  return found.length > 0 ? found : undefined;
}

function ofBuiltIn(
  value: Value,
  name: string,
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): readonly Value[] {
  const [first, second] = given.map((it) => it.value);
  switch (value.kind) {
    case "session": {
      const clients = createdBy(name, value.credentials, given, evaluator);
      if (clients.length > 0) return clients;
      return name === "get_credentials"
        ? [{ kind: "library", name: "botocore.session.Session().get_credentials" }]
        : [];
    }
    case "instance": {
      const bases = basesOf(value.class, evaluator);
      const isSession = bases.some(
        (it) => it.kind === "library" && sessionFunctions.includes(it.name),
      );
      if (!isSession || memberOfInstance(value, name, evaluator)) return [];
      // A constructor may set credentials.
      const isPlain = memberOfInstance(value, "__init__", evaluator) === undefined;
      return createdBy(name, isPlain ? "own" : "either", given, evaluator);
    }
    case "unknown":
      // It may be a session; what it creates may be of another role.
      return isLiteral(argument(given, "service_name", 0))
        ? createdBy(name, "either", given, evaluator)
        : [];
    case "environment":
      if (name === "copy") return [value];
      return ["get", "pop", "setdefault"].includes(name) ? variableOf(first, evaluator) : [];
    case "environment-variable":
      return keeping.includes(name) ? [value] : [];
    case "string":
      return name === "strip" ? [value] : [];
    case "dict":
      if (name === "values") return [{ kind: "values", of: valuesIn(value) }];
      if (name === "items") return [{ kind: "items", of: valuesIn(value) }];
      if (name === "get" || name === "setdefault" || name === "pop") {
        const keys = first ? evaluator.evaluate(first) : [];
        const steps = keys.flatMap((it) => (it.kind === "string" ? { key: it.text } : []));
        const parts = evaluator.follow(
          [value],
          steps.length > 0 ? steps.slice(0, 1) : ["any element"],
        );
        return [...parts, ...(second ? evaluator.evaluate(second) : [])];
      }
      return [];
    default:
      return [];
  }
}

function valuesIn({ node, scope, frame }: Located): Located[] {
  return node.children.flatMap((it) => {
    const value = child(it, "value");
    return value ? [{ node: value, scope, frame }] : [];
  });
}

/** The environment variable of that name. */
export function variableOf(name: Located | undefined, evaluator: Evaluator): readonly Value[] {
  const names = name ? evaluator.evaluate(name) : [];
  return names.map((it) =>
    it.kind === "string"
      ? { kind: "environment-variable", name: it.text, mayBeMissing: true }
      : unknown,
  );
}

function isLiteral(argument: Located | undefined): boolean {
  return argument?.node.type === "string";
}
