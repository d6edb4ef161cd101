import { depthOf } from "./events.ts";
import { isObject, own, type Properties } from "./properties.ts";

/** A value in the form in which it is shown and compared. */
export type Shown =
  | { readonly kind: "scalar"; readonly text: string }
  /** A string of several lines, shown as `label` as a whole. */
  | { readonly kind: "text"; readonly label: string; readonly text: string }
  | { readonly kind: "list"; readonly label: string; readonly items: readonly unknown[] }
  | { readonly kind: "map"; readonly label: string; readonly entries: Properties };

/** https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go */
const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const asset = "c44067f5952c0a294b673a41bacd8c17";
const archive = "0def7320c3a5731c473e5ecbe6d01bc7";
/** https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go (UnknownStringValue) */
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const deepestDocument = 30;

/** A value that is known only after the deployment. */
export function isUnknown(value: unknown): boolean {
  return value === unknownString;
}

export function shown(value: unknown): Shown {
  if (typeof value === "string") return shownString(value);
  if (Array.isArray(value)) return { kind: "list", label: "", items: value };
  if (!isObject(value)) return { kind: "scalar", text: String(value) };
  const kind = own(value, signature);
  if (kind === secret) return { kind: "scalar", text: "[secret]" };
  if (kind === asset) return shownAsset(value);
  const assets = own(value, "assets");
  if (kind === archive && isObject(assets)) {
    return { kind: "map", label: `archive(${hashOf(value)}) `, entries: assets };
  }
  if (kind === archive)
    return { kind: "scalar", text: `archive(${hashOf(value)})${placeOf(value)}` };
  return { kind: "map", label: "", entries: value };
}

function shownString(text: string): Shown {
  if (isUnknown(text)) return { kind: "scalar", text: "[unknown]" };
  const document = documentIn(text);
  if (Array.isArray(document)) return { kind: "list", label: "(json) ", items: document };
  if (isObject(document)) return { kind: "map", label: "(json) ", entries: document };
  const label = JSON.stringify(text);
  return text.includes("\n") ? { kind: "text", label, text } : { kind: "scalar", text: label };
}

function shownAsset(value: Properties): Shown {
  const label = `asset(${hashOf(value)})`;
  const text = own(value, "text");
  if (typeof text === "string") return { kind: "text", label, text };
  return { kind: "scalar", text: label + placeOf(value) };
}

function hashOf(value: Properties): string {
  return String(own(value, "hash")).slice(0, 7);
}

function placeOf(value: Properties): string {
  const place = own(value, "path") ?? own(value, "uri");
  return typeof place === "string" ? ` ${JSON.stringify(place)}` : "";
}

/**
 * The object or list of a string that is JSON, such as a policy. Nothing where the string says more than
 * what JSON.parse makes of it, for example where a key is there twice: it is then shown as it is.
 */
function documentIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text) || depthOf(text) > deepestDocument) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    return JSON.stringify(document) === withoutSpace(text) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** JSON without the space between its parts. */
function withoutSpace(json: string): string {
  const parts: string[] = [];
  let [start, isInString] = [0, false];
  for (let index = 0; index < json.length; index++) {
    const character = json[index] ?? "";
    if (isInString && character === "\\") index++;
    else if (character === '"') isInString = !isInString;
    else if (!isInString && /\s/.test(character)) {
      parts.push(json.slice(start, index));
      start = index + 1;
    }
  }
  return parts.join("") + json.slice(start);
}
