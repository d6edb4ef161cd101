import { programStarters } from "../../data/python-names.ts";
import { standardModules } from "../../data/python-standard-modules.ts";
import { argumentsOf } from "./arguments.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Located } from "./scopes.ts";
import { servicesOf } from "./sessions.ts";
import { child, type PyNode } from "./syntax.ts";
import type { GivenArgument, Value } from "./value.ts";

/** Modules whose functions call nothing of AWS with a client that they get. */
const harmlessModules: readonly string[] = [
  "aws_lambda_powertools",
  "builtins",
  ...standardModules,
];

/**
 * Why what a call does with the SDK cannot be followed, as ends of `its code …`. `functions` are the names of the program's
 * functions.
 */
export function gapsOfCall(
  call: Located,
  functions: ReadonlySet<string>,
  evaluator: Evaluator,
): string[] {
  const callee = child(call.node, "function");
  if (!callee) return [];
  const given = argumentsOf(call);
  const called = evaluator.evaluate({ ...call, node: callee });
  const ofLibrary = called.flatMap((it) =>
    it.kind === "library" ? gapsOfLibraryCall(it.name, given, evaluator) : [],
  );
  return [
    ...ofLibrary,
    ...gapsOfSession(call, callee, given, evaluator),
    ...gapsOfFactory(callee, called, given, evaluator),
    ...gapsOfClient(call, callee, called, given, functions, evaluator),
  ];
}

function gapsOfLibraryCall(
  name: string,
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): string[] {
  if (isFactory(name)) return gapsOfService(given, evaluator);
  if (name === "builtins.exec" || name === "builtins.eval") return ["runs a string as code"];
  if (programStarters.includes(name)) return ["runs another program, which can call AWS"];
  return name === "builtins.getattr" ? gapsOfAttribute(given, evaluator) : [];
}

/** `session.client(…)` */
function gapsOfSession(
  call: Located,
  callee: PyNode,
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): string[] {
  const object = child(callee, "object");
  const method = child(callee, "attribute")?.text ?? "";
  if (!object || !/^(create_)?(client|resource)$/.test(method)) return [];
  const isSession = evaluator
    .evaluate({ ...call, node: object })
    .some(({ kind }) => kind === "session");
  return isSession ? gapsOfService(given, evaluator) : [];
}

function gapsOfService(given: readonly GivenArgument[], evaluator: Evaluator): string[] {
  // A class that others inherit from can have `None` in place of a service.
  const services = servicesOf(given, evaluator).filter(({ kind }) => kind !== "none");
  const isKnown = services.length > 0 && services.every(({ kind }) => kind === "string");
  return isKnown ? [] : ["creates a client of boto3 for a service with a computed name"];
}

/** `getattr(client, name)` */
function gapsOfAttribute([object, name]: readonly GivenArgument[], evaluator: Evaluator): string[] {
  const names = name ? evaluator.evaluate(name.value) : [];
  const isKnown = names.length > 0 && names.every(({ kind }) => kind === "string");
  const isOfClient = !isKnown && object && evaluator.evaluate(object.value).some(isSdkValue);
  return isOfClient ? ["gets a method of a boto3 client by a computed name"] : [];
}

/** `map(boto3.client, services)` creates clients that are not followed. */
function gapsOfFactory(
  callee: PyNode,
  called: readonly Value[],
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): string[] {
  const [factory] = given.flatMap(({ value }) =>
    valuesOfName(value, evaluator).flatMap((it) =>
      it.kind === "library" && isFactory(it.name) ? it.name : [],
    ),
  );
  const isFollowed = called.every(
    (it) => it.kind !== "library" || it.name.startsWith("functools."),
  );
  return factory === undefined || isFollowed ? [] : [`passes ${factory} to ${callee.text}`];
}

/** A library that gets a client can call anything with it. */
function gapsOfClient(
  call: Located,
  callee: PyNode,
  called: readonly Value[],
  given: readonly GivenArgument[],
  functions: ReadonlySet<string>,
  evaluator: Evaluator,
): string[] {
  const isPassed = given.some(({ value }) => containsSdk(value, evaluator));
  // What `S3Transfer(client)` gives is followed.
  if (!isPassed || evaluator.evaluate(call).some(isSdkValue)) return [];
  return called.flatMap((it) => {
    if (it.kind === "library") {
      const [module = ""] = it.name.split(".");
      return harmlessModules.includes(module) ? [] : [`passes a client of boto3 to ${it.name}`];
    }
    const name = child(callee, "attribute")?.text ?? callee.text;
    const isOwn = functions.has(name) && !/^__\w+__$/.test(name);
    return it.kind === "unknown" && !isOwn ? [`passes a client of boto3 to ${callee.text}`] : [];
  });
}

function valuesOfName(value: Located, evaluator: Evaluator): readonly Value[] {
  const isName = ["identifier", "attribute", "call", "await"].includes(value.node.type);
  return isName ? evaluator.evaluate(value) : [];
}

function isFactory(name: string): boolean {
  return /^(aio)?boto3\.(client|resource)$/.test(name);
}

function isSdkValue({ kind }: Value): boolean {
  return kind === "client" || kind === "resource" || kind === "session" || kind === "collection";
}

/** True for a value of the SDK, also in lists, dictionaries and conditions. */
function containsSdk(value: Located, evaluator: Evaluator): boolean {
  const open: Located[] = [value];
  for (let it = open.pop(); it; it = open.pop()) {
    if (evaluator.evaluate(it).some(isSdkValue)) return true;
    if (!/^(list|tuple|set|dictionary|pair|dictionary_splat|list_splat)$/.test(it.node.type))
      continue;
    const { node, ...where } = it;
    open.push(...node.children.map((part) => ({ ...where, node: part })));
  }
  return false;
}
