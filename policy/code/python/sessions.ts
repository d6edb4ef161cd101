import { argument } from "./arguments.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Credentials, GivenArgument, ResourceValue, Value } from "./value.ts";

/** What the first argument of `client` and `resource` can be. */
export function servicesOf(
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): readonly Value[] {
  const service = argument(given, "service_name", 0);
  return service ? evaluator.evaluate(service) : inDictionaries("service_name", given, evaluator);
}

/** Whose credentials a session or client gets. */
export function credentialsOf(
  given: readonly GivenArgument[],
  evaluator: Evaluator,
  /** The position of `aws_access_key_id`: the first of a session, the seventh of a client. */
  keyAt: number,
): Credentials {
  const ofSession = argument(given, "botocore_session");
  if (ofSession) return setsCredentials(evaluator) ? "either" : "own";
  const unsigned = unsignedIn(given, evaluator);
  if (unsigned) return unsigned;
  const name = "aws_access_key_id";
  const key = argument(given, name, keyAt);
  const owners = key
    ? evaluator.evaluate(key).map(ownerOf)
    : [
        ...dictionariesIn(given, evaluator).flatMap((it) => ownersIn(it, name, evaluator)),
        ...ownersOfItems(given, evaluator),
      ];
  const [owner = "own", ...others] = new Set(owners);
  return others.length > 0 ? "either" : owner;
}

/** The values of an expression; if one of them is of another role, the code may not use the function's own credentials. */
export function withRoles(values: readonly Value[]): readonly Value[] {
  const isMixed = values.some((it) => (credentialsIn(it) ?? "own") !== "own");
  return isMixed ? values.map(withEither) : values;
}

function credentialsIn(value: Value): Credentials | undefined {
  switch (value.kind) {
    case "client":
    case "resource":
      return value.credentials;
    case "method":
      return value.client.credentials;
    case "resource-member":
      return value.resource.credentials;
    case "collection-member":
      return value.collection.resource.credentials;
    default:
      return undefined;
  }
}

function withEither(value: Value): Value {
  if (credentialsIn(value) !== "own") return value;
  const credentials = "either";
  switch (value.kind) {
    case "client":
    case "resource":
      return { ...value, credentials };
    case "method":
      return { ...value, client: { ...value.client, credentials } };
    case "resource-member":
      return { ...value, resource: { ...value.resource, credentials } };
    case "collection-member": {
      const { collection } = value;
      const resource: ResourceValue = { ...collection.resource, credentials };
      return { ...value, collection: { ...collection, resource } };
    }
    default:
      return value;
  }
}

/** What the dictionaries of a call have for a key: `client(**arguments)`. */
function inDictionaries(
  key: string,
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): readonly Value[] {
  const values = evaluator.follow(dictionariesIn(given, evaluator), [{ key }]);
  return values.filter(({ kind }) => kind !== "unknown");
}

function dictionariesIn(given: readonly GivenArgument[], evaluator: Evaluator): readonly Value[] {
  return given.flatMap(({ value: { node, ...where } }) => {
    const [dictionary] = node.type === "dictionary_splat" ? node.children : [];
    return dictionary ? evaluator.evaluate({ node: dictionary, ...where }) : [];
  });
}

/** `options["aws_access_key_id"] = credentials["AccessKeyId"]`, perhaps in some cases. */
function ownersOfItems(
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): readonly Credentials[] {
  return given.flatMap(({ value: { node, ...where } }) => {
    const [dictionary] = node.type === "dictionary_splat" ? node.children : [];
    const items = dictionary ? evaluator.itemsAssigned(dictionary, { node, ...where }) : [];
    return items.some(({ kind }) => kind === "response") ? (["other"] as const) : [];
  });
}

/** Whose key is in a dictionary; one without a key leaves the function's own. */
function ownersIn(dictionary: Value, key: string, evaluator: Evaluator): readonly Credentials[] {
  const values = evaluator.follow([dictionary], [{ key }]).filter(({ kind }) => kind !== "unknown");
  return values.length > 0 ? values.map(ownerOf) : ["own"];
}

/** `Config(signature_version=UNSIGNED)`: the calls have no credentials. */
function unsignedIn(
  given: readonly GivenArgument[],
  evaluator: Evaluator,
): Credentials | undefined {
  const config = argument(given, "config");
  const are = (config ? evaluator.evaluate(config) : []).map((it) => {
    const version =
      it.kind === "library-object" ? argument(it.inputs, "signature_version") : undefined;
    return (version ? evaluator.evaluate(version) : []).some(
      (each) => each.kind === "library" && each.name.endsWith("UNSIGNED"),
    );
  });
  if (!are.includes(true)) return undefined;
  return are.includes(false) ? "either" : "other";
}

/** True if the program puts credentials into a session, as for a role that it assumes again and again. */
function setsCredentials({ program }: Evaluator): boolean {
  return program.files.some(({ scopes }) => scopes.attributes.has("_credentials"));
}

/** Whose key is the value of `aws_access_key_id`. */
function ownerOf(value: Value): Credentials {
  switch (value.kind) {
    case "none":
      return "own";
    case "environment-variable":
      if (value.name === "AWS_ACCESS_KEY_ID") return "own";
      // Without it, boto3 uses the function's own.
      return value.mayBeMissing ? "either" : "other";
    case "library":
    case "library-object":
      return /^(aio)?boto/.test(value.kind === "library" ? value.name : value.of)
        ? "own"
        : "either";
    case "unknown":
      return "either";
    default:
      return "other";
  }
}
