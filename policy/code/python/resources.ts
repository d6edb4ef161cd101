import { resourceTypes } from "../../data/boto3.ts";
import { ownValue } from "../../field.ts";
import { lowerCase } from "../../iam/case.ts";

/** The type of `boto3.resource("s3")` itself; others are as in boto3's documentation: `Bucket`. */
export const serviceType = "ServiceResource";

/** The type of an object of boto3's resources: `Bucket` of `s3`. */
export interface ResourceType {
  /** As in `boto3.resource("s3")`. */
  readonly service: string;
  readonly type: string;
}

/** What an access or a call gives: one object of the type, or a list of them. */
export interface ResourceResult {
  readonly type: string;
  readonly isList: boolean;
  /** True if AWS's response had its attributes: reading them does not call `load`. */
  readonly isLoaded: boolean;
}

/** A collection, or its manager: `bucket.objects`. */
export interface Collection {
  /** The client's method that lists: `list_objects`. It is called when the collection is iterated. */
  readonly method: string;
  /** The type of its elements. */
  readonly type: string;
  /** True if the response has the elements' attributes: reading them does not call `load`. */
  readonly isLoaded: boolean;
}

/** The names of a type's members, by policy/data/boto3.ts; methods and waiters are the client's. */
export interface ResourceTypeNames {
  /** Also the attributes that repeat them. */
  readonly identifiers?: readonly string[];
  /** The method that gets the attributes: `head_object`. */
  readonly load?: string;
  readonly attributes?: readonly string[];
  readonly actions?: Readonly<
    Record<
      string,
      {
        readonly method: string;
        readonly result?: ResourceResult;
        /** True if its input has attributes, which are loaded first. */
        readonly needsData?: boolean;
      }
    >
  >;
  /** The method that sends what the writer collects. */
  readonly batchWriters?: Readonly<Record<string, string>>;
  readonly subResources?: Readonly<
    Record<string, { readonly type: string; readonly parameters: readonly string[] }>
  >;
  readonly references?: Readonly<Record<string, ResourceResult>>;
  readonly collections?: Readonly<Record<string, Collection>>;
  readonly waiters?: Readonly<Record<string, string>>;
  /** The methods of collections of the type. */
  readonly batchActions?: Readonly<Record<string, string>>;
}

/** What a member of an object is; methods and waiters are the client's, for `permissionsOfMethod`. */
export type ResourceMember =
  /** `table.put_item(…)`, `bucket.upload_file(…)`: a call of a method. Also `load` and `reload`. */
  | {
      readonly kind: "action";
      readonly method: string;
      /** The objects that it returns; undefined for a plain response. */
      readonly result: ResourceResult | undefined;
      /** If the object is not loaded, the action calls this first. */
      readonly loadMethod: string | undefined;
    }
  /** `table.batch_writer()`: an object whose methods fill a buffer; `method` sends it. */
  | { readonly kind: "batch-writer"; readonly method: string }
  /** `bucket.Object("key")`: calls nothing. `parameters` are the identifiers that are its arguments, in order. */
  | {
      readonly kind: "sub-resource";
      readonly type: string;
      readonly parameters: readonly string[];
    }
  /** `instance.vpc`: an object, not called; if the object is not loaded, it calls `loadMethod`. */
  | {
      readonly kind: "reference";
      readonly result: ResourceResult;
      readonly loadMethod: string | undefined;
    }
  /** `bucket.objects`: not called. */
  | { readonly kind: "collection"; readonly collection: Collection }
  /** `bucket.wait_until_exists()`: a call of the client's waiter. */
  | { readonly kind: "waiter"; readonly waiter: string }
  /** `table.name`: calls nothing. */
  | { readonly kind: "identifier" }
  /** `object.content_length`: if the object is not loaded, it calls `loadMethod`. */
  | { readonly kind: "attribute"; readonly loadMethod: string | undefined }
  /** `table.meta`: its `client` is boto3's client of the service. */
  | { readonly kind: "meta" }
  /** `get_available_subresources`: calls nothing. */
  | { readonly kind: "none" }
  /** boto3 has no such member, or no such type. */
  | { readonly kind: "unknown" };

/** What a member of a collection is. */
export type CollectionMember =
  /** `all()`, `filter(…)`, `limit(…)`, `page_size(…)`: the collection, which lists when iterated. */
  | { readonly kind: "collection" }
  /** `pages()`: lists when iterated, and gives lists of elements. */
  | { readonly kind: "pages" }
  /** `delete()`: lists, and calls `method` for each page. */
  | { readonly kind: "batch-action"; readonly method: string }
  | { readonly kind: "unknown" };

/** What a member of an object is: `put_item` of `Table` of `dynamodb`. */
export function memberOfResource({
  service,
  type,
  name,
}: ResourceType & { readonly name: string }): ResourceMember {
  const names = ownValue(ownValue(resourceTypes, service) ?? {}, type);
  if (names === undefined) return { kind: "unknown" };
  const of = <T>(members: Readonly<Record<string, T>> | undefined) => ownValue(members ?? {}, name);
  const loadMethod = names.load;
  if (name === "meta") return { kind: "meta" };
  if (name === "get_available_subresources") return { kind: "none" };
  if (loadMethod !== undefined && (name === "load" || name === "reload")) {
    return { kind: "action", method: loadMethod, result: undefined, loadMethod: undefined };
  }
  if (names.identifiers?.includes(name)) return { kind: "identifier" };
  if (names.attributes?.includes(name)) return { kind: "attribute", loadMethod };
  const action = of(names.actions);
  if (action) {
    const { method, result, needsData } = action;
    return { kind: "action", method, result, loadMethod: needsData ? loadMethod : undefined };
  }
  const method = of(names.batchWriters);
  if (method !== undefined) return { kind: "batch-writer", method };
  const subResource = of(names.subResources);
  if (subResource) return { kind: "sub-resource", ...subResource };
  const result = of(names.references);
  if (result) return { kind: "reference", result, loadMethod };
  const collection = of(names.collections);
  if (collection) return { kind: "collection", collection };
  const waiter = of(names.waiters);
  return waiter === undefined ? { kind: "unknown" } : { kind: "waiter", waiter };
}

const clones: readonly string[] = ["all", "filter", "limit", "page_size"];

/** What a member of a collection of a type's objects is: `delete` of S3's `ObjectSummary`. */
export function memberOfCollection({
  service,
  type,
  name,
}: ResourceType & { readonly name: string }): CollectionMember {
  if (clones.includes(name)) return { kind: "collection" };
  if (name === "pages") return { kind: "pages" };
  const names = ownValue(ownValue(resourceTypes, service) ?? {}, type);
  const method = ownValue(names?.batchActions ?? {}, name);
  return method === undefined ? { kind: "unknown" } : { kind: "batch-action", method };
}

/**
 * True if the name of an object is also that of the object that gives it: a message is one of its queue, so that its
 * identifier is `queue_url`, while a volume's snapshot has an id that says nothing of the volume.
 */
export function isNamedByOwner({
  service,
  owner,
  type,
}: ResourceType & { readonly owner: string }): boolean {
  const types = ownValue(resourceTypes, service) ?? {};
  const identifiersOf = (it: string) => ownValue(types, it)?.identifiers ?? [];
  const ofOwner = identifiersOf(owner);
  const prefix = `${lowerCase(owner.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_"))}_`;
  return (
    owner !== type &&
    identifiersOf(type).some(
      (it) => it.startsWith(prefix) || (it.includes("_") && ofOwner.includes(it)),
    )
  );
}
