import { has, isFields, nonEmptyStringOf, read, readList } from "../field.ts";
import { type Reading, readAsset } from "./assets.ts";

/** A JavaScript file of a function's code. */
export interface SourceFile {
  /** Relative to the package, e.g. `index.js`. */
  readonly path: string;
  readonly text: string;
}

/** A function's code; `unread` and `why` are sentences about it without a full stop. */
export type Package =
  | {
      readonly kind: "read";
      readonly files: readonly SourceFile[];
      /** Why parts of the code are not read. */
      readonly unread: readonly string[];
    }
  | { readonly kind: "unreadable"; readonly why: string };

/**
 * Reads the code of an `aws:lambda/function:Function`: its JavaScript files except those of the AWS
 * SDK. Errors and reasons never quote a file's content.
 */
// biome-ignore lint/suspicious/noExplicitAny: as @pulumi/policy types properties
export async function readPackage(props: Record<string, any>, reading: Reading): Promise<Package> {
  const why = reasonUnreadable(props);
  if (why !== undefined) return { kind: "unreadable", why };
  const code = read(() => props.code as unknown);
  if (!code.isKnown) return { kind: "unreadable", why: "its code is not known before deployment" };
  if (!isFields(code.value)) return { kind: "unreadable", why: "it has no code that can be read" };
  reading.budget.startFunction();
  const { files, unread } = await readAsset(code.value, "", reading);
  const [first] = unread;
  if (files.length === 0 && first !== undefined) return { kind: "unreadable", why: first };
  if (files.length === 0) return { kind: "unreadable", why: "its code has no JavaScript file" };
  return { kind: "read", files, unread: [...unread, ...layersOf(props)] };
}

/** Why a function's code cannot be read, by its other properties. */
export function reasonUnreadable(props: Record<string, unknown>): string | undefined {
  const text = (name: string) => nonEmptyStringOf(read(() => props[name]));
  if (text("packageType") === "Image" || has(props, "imageUri")) {
    return "its code is a container image";
  }
  const runtime = text("runtime");
  if (runtime !== undefined && !/^nodejs/.test(runtime)) {
    return `its runtime is ${runtime}, and only JavaScript is read`;
  }
  if (has(props, "s3Bucket") || has(props, "s3Key")) return "its code is in S3";
  return undefined;
}

function layersOf(props: Record<string, unknown>): string[] {
  const layers = readList(() => props.layers);
  return layers.length > 0 ? ["it has a layer, whose calls are not read"] : [];
}
