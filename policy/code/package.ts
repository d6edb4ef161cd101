import {
  type Fields,
  has,
  isFields,
  isSet,
  lazyFields,
  nonEmptyStringOf,
  read,
  readList,
} from "../field.ts";
import { membersOf, type Reading, readAsset, readZip } from "./assets.ts";

/** A JavaScript file of a function's code. */
export interface SourceFile {
  /** Relative to the package, e.g. `index.js`. */
  readonly path: string;
  readonly text: string;
}

interface Unreadable {
  readonly kind: "unreadable";
  /** A sentence about the function without a full stop. */
  readonly why: string;
}

/** A function's code before it is read. */
export type Code =
  | { readonly kind: "asset"; readonly asset: Fields }
  | { readonly kind: "zip"; readonly bytes: Buffer }
  | Unreadable;

/** A function's code. */
export type Package =
  | {
      readonly kind: "read";
      readonly files: readonly SourceFile[];
      /** Why parts of the code are not read, as sentences about the function without a full stop. */
      readonly unread: readonly string[];
    }
  | Unreadable;

// biome-ignore lint/suspicious/noExplicitAny: as @pulumi/policy types properties
type Props = Record<string, any>;

/**
 * Reads the code of an `aws:lambda/function:Function`: its JavaScript files except those of the AWS
 * SDK. Errors and reasons never quote a file's content.
 */
export async function readPackage(props: Props, code: Code, reading: Reading): Promise<Package> {
  if (code.kind === "unreadable") return code;
  reading.budget.startFunction();
  const { files, unread } =
    code.kind === "zip"
      ? await readZip(code.bytes, "contentBase64", reading)
      : await readAsset(code.asset, "", reading);
  const [first] = unread;
  if (files.length === 0) return unreadable(first ?? "its code has no JavaScript file");
  return { kind: "read", files, unread: [...unread, ...layersOf(props)] };
}

/** Why a function's code is not read, wherever it is. */
export function reasonUnreadable(props: Props): string | undefined {
  const text = (name: string) => nonEmptyStringOf(read(() => props[name]));
  if (text("packageType") === "Image" || has(props, "imageUri")) {
    return "its code is a container image";
  }
  const runtime = text("runtime");
  if (runtime !== undefined && !/^nodejs/.test(runtime)) {
    return `its runtime is ${runtime}, and only JavaScript is read`;
  }
  return undefined;
}

/** The code that a function has in its own properties. */
export function codeOf(props: Props): Code {
  const why = reasonUnreadable(props);
  if (why !== undefined) return unreadable(why);
  const code = read(() => props.code as unknown);
  if (!code.isKnown) return unreadable("its code is not known before deployment");
  if (!isFields(code.value)) return unreadable("it has no code that can be read");
  return { kind: "asset", asset: code.value };
}

/**
 * The code that an object in S3 has in its properties, if it is a zip file: Lambda accepts nothing else.
 * https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html
 */
export async function codeOfObject(props: Props): Promise<Code> {
  const [source, base64] = [read(() => props.source as unknown), read(() => props.contentBase64)];
  if (!source.isKnown || !base64.isKnown) {
    return unreadable("its code is not known before deployment");
  }
  const asset = source.value;
  if (isFields(asset)) {
    return (await isString(asset)) ? noZip : { kind: "asset", asset: asArchive(asset) };
  }
  if (typeof base64.value === "string" && isSet(base64)) {
    return { kind: "zip", bytes: Buffer.from(base64.value, "base64") };
  }
  return has(props, "content")
    ? noZip
    : unreadable("its object in S3 has no code that can be read");
}

const noZip = unreadable("its object in S3 is a string, and Lambda accepts only a zip file");

async function isString(asset: Fields): Promise<boolean> {
  return typeof (await membersOf(asset)).text === "string";
}

/** Lambda unpacks the file of an asset as it does that of an archive. */
function asArchive(asset: Fields): Fields {
  const members = Object.keys(asset).filter((it) => it !== "__pulumiArchive");
  return lazyFields([
    ["__pulumiArchive", () => true],
    ...members.map((it) => [it, () => asset[it]] as const),
  ]);
}

export function unreadable(why: string): Unreadable {
  return { kind: "unreadable", why };
}

function layersOf(props: Props): string[] {
  const layers = readList(() => props.layers);
  return layers.length > 0 ? ["it has a layer, whose calls are not read"] : [];
}
