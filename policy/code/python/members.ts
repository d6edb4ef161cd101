import { memberOfClass, memberOfInstance } from "./classes.ts";
import type { Evaluator } from "./evaluator.ts";
import { inputsOfOwned, partOf } from "./parts.ts";
import { memberOfCollection, memberOfResource } from "./resources.ts";
import { type ResourceValue, unknown, unrelated, type Value } from "./value.ts";

/** A member of a value: an attribute, or a name of a module. */
export function memberOf(value: Value, name: string, evaluator: Evaluator): readonly Value[] {
  switch (value.kind) {
    case "module": {
      const found = evaluator.nameIn(value.path, name);
      if (found && found.length > 0) return found;
      const submodule = evaluator.program.submodule(value.path, name);
      return (submodule && [submodule]) ?? found ?? evaluator.assigned(name) ?? [unknown];
    }
    case "library":
      return [memberOfLibrary(value.name, name)];
    case "client":
      return [{ kind: "method", client: value, name, given: [] }];
    case "resource":
      return [attributeOf(value, name)];
    case "resource-member":
      return value.member.kind === "meta" && name === "client"
        ? [
            {
              kind: "client",
              service: value.resource.service,
              credentials: value.resource.credentials,
            },
          ]
        : [unknown];
    case "collection":
      return [
        {
          kind: "collection-member",
          collection: value,
          name,
          member: memberOfCollection({
            service: value.resource.service,
            type: value.collection.type,
            name,
          }),
        },
      ];
    case "library-object":
      // `threading.local()` and such have what is assigned to them.
      return [
        { kind: "library", name: `${value.of}().${name}` },
        ...(evaluator.assigned(name) ?? []),
      ];
    case "instance":
      return withAssigned(memberOfInstance(value, name, evaluator), name, evaluator);
    case "class":
      return withAssigned(memberOfClass(value, name, evaluator), name, evaluator);
    case "dict":
      // `SimpleNamespace(name=value)`
      return value.node.type === "argument_list"
        ? partOf(value, { key: name }, evaluator)
        : [unknown];
    case "none":
      return [];
    case "response":
      return [value];
    case "string":
      // A member of an enumeration is the value that it is assigned.
      return [name === "value" ? value : unrelated];
    case "environment-variable":
      return [unrelated];
    default:
      return evaluator.assigned(name) ?? [unknown];
  }
}

/** A member, and what some statement assigns to an attribute of that name: it may be this one. */
function withAssigned(
  member: readonly Value[] | undefined,
  name: string,
  evaluator: Evaluator,
): readonly Value[] {
  const assigned = evaluator.assigned(name);
  return member && assigned ? [...member, ...assigned] : (member ?? assigned ?? [unknown]);
}

function attributeOf(resource: ResourceValue, name: string): Value {
  const { service, type, credentials } = resource;
  const member = memberOfResource({ service, type, name });
  switch (member.kind) {
    case "collection":
      return { kind: "collection", resource, name, collection: member.collection, inputs: [] };
    case "reference":
      return {
        kind: "resource",
        service,
        type: member.result.type,
        inputs: inputsOfOwned(resource, member.result.type),
        isLoaded: member.result.isLoaded,
        credentials,
      };
    default:
      return { kind: "resource-member", resource, name, member };
  }
}

/** A name in a library. Modules can import each other: `botocore.session` is also `boto3.session.botocore.session`. */
function memberOfLibrary(library: string, name: string): Value {
  if (library === "os" && name === "environ") return { kind: "environment" };
  if (library === "boto3" && name === "DEFAULT_SESSION") {
    return { kind: "session", credentials: "own" };
  }
  return { kind: "library", name: `${library}.${name}` };
}
