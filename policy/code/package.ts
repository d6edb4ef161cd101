import { has, isFields, read, readList, setTextOf } from "../field.ts";
import { type Reading, readAsset } from "./assets.ts";

/** A JavaScript file of a function's code. */
export interface SourceFile {
  /** Inside the package, such as `index.js`. */
  readonly path: string;
  readonly text: string;
}

/** A function's code as far as it can be read; `unseen` and `why` are ends of sentences about it. */
export type Package =
  | {
      readonly kind: "seen";
      readonly files: readonly SourceFile[];
      readonly unseen: readonly string[];
    }
  | { readonly kind: "unseen"; readonly why: string };

/**
 * Reads the code of an `aws:lambda/function:Function`: its JavaScript files but those of the AWS
 * SDK itself. Nothing is ever thrown or said of what stands in the files.
 */
// biome-ignore lint/suspicious/noExplicitAny: as @pulumi/policy types properties
export async function readPackage(props: Record<string, any>, reading: Reading): Promise<Package> {
  const why = reasonUnread(props);
  if (why !== undefined) return { kind: "unseen", why };
  const code = read(() => props.code as unknown);
  if (!code.isKnown) return { kind: "unseen", why: "its code is not known before deployment" };
  if (!isFields(code.value)) return { kind: "unseen", why: "it has no code that can be read" };
  reading.budget.startFunction();
  const { files, unread } = await readAsset(code.value, "", reading);
  const [first] = unread;
  if (files.length === 0 && first !== undefined) return { kind: "unseen", why: first };
  if (files.length === 0) return { kind: "unseen", why: "its code has no JavaScript file" };
  return { kind: "seen", files, unseen: [...unread, ...layersOf(props)] };
}

/** Why the code of a function is not read, by its other properties. */
function reasonUnread(props: Record<string, unknown>): string | undefined {
  const text = (name: string) => setTextOf(read(() => props[name]));
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
