import { readdir, readFile, stat } from "node:fs/promises";
import { basename, isAbsolute, join, posix, resolve } from "node:path";
import { unknownCheckingProxy } from "@pulumi/policy";
import { unzip } from "fflate";
import { type Field, type Fields, isFields, read } from "../field.ts";
import type { SourceFile } from "./package.ts";

/** The JavaScript files of an asset or an archive, and what of it cannot be read. */
export interface Contents {
  readonly files: readonly SourceFile[];
  /** Ends of sentences about the function. */
  readonly unread: readonly string[];
}

/** A file that is larger is no code that somebody wrote, and takes long to parse. */
const limitBytes = 20 * 1024 * 1024;
const notKnown = "a part of its code is not known before deployment";

/**
 * Reads an asset or an archive of Pulumi by its members, whatever copy of @pulumi/pulumi it is of.
 * `path` is where it stands in the package; relative paths of files are of `folder`.
 */
export async function readAsset(asset: Fields, path: string, folder: string): Promise<Contents> {
  const assets = await memberOf(asset, "assets");
  if (!assets.isKnown) return nothing(notKnown);
  if (isFields(assets.value)) return readAssets(assets.value, path, folder);
  const text = await memberOf(asset, "text");
  const file = await memberOf(asset, "path");
  if (!text.isKnown || !file.isKnown) return nothing(notKnown);
  if (typeof text.value === "string") return textAt(path, Buffer.from(text.value));
  if (typeof file.value === "string") return readPath(file.value, path, folder, isArchive(asset));
  return nothing("a part of its code is at a remote address");
}

/** Members are promises in @pulumi/pulumi; an unknown one is found when it is read. */
async function memberOf(asset: Fields, name: string): Promise<Field<unknown>> {
  const member = read(() => asset[name]);
  if (!member.isKnown) return member;
  // A proxy of a promise cannot be awaited, since `then` must be called on the promise itself.
  const value = await plain(member.value);
  return read(() => unknownCheckingProxy({ value }).value);
}

function plain(value: unknown): unknown {
  return isFields(value) && value.__isSpecialProxy === true ? value.__getSpecialProxyTarget : value;
}

async function readAssets(assets: Fields, path: string, folder: string): Promise<Contents> {
  const all: Contents[] = [];
  for (const name of Object.keys(assets)) {
    const asset = read(() => assets[name]);
    if (!asset.isKnown) all.push(nothing(notKnown));
    else if (isFields(asset.value)) {
      all.push(await readAsset(asset.value, posix.join(path, name), folder));
    }
  }
  return joined(all);
}

function isArchive(asset: Fields): boolean {
  return asset.__pulumiArchive === true;
}

async function readPath(
  given: string,
  path: string,
  folder: string,
  isOfArchive: boolean,
): Promise<Contents> {
  const full = isAbsolute(given) ? given : resolve(folder, given);
  try {
    const found = await stat(full);
    if (found.isDirectory()) return await readFolder(full, path);
    if (isOfArchive) return await readArchive(full, given, path, found.size);
    if (!isCode(path || given)) return joined([]);
    if (found.size > limitBytes) return nothing(tooLarge(given));
    return textAt(path || basename(given), await readFile(full));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return nothing(
      `its code ${given} cannot be read (${code ?? "no error code"}) from the folder ${folder}`,
    );
  }
}

async function readFolder(folder: string, path: string): Promise<Contents> {
  const all: Contents[] = [];
  const names = await readdir(folder, { recursive: true });
  for (const name of names.sort()) {
    const full = join(folder, name);
    const inside = posix.join(path, name.replaceAll("\\", "/"));
    if (!isCode(inside)) continue;
    const found = await stat(full);
    if (found.isDirectory()) continue;
    const { size } = found;
    all.push(size > limitBytes ? nothing(tooLarge(inside)) : textAt(inside, await readFile(full)));
  }
  return joined(all);
}

async function readArchive(
  full: string,
  given: string,
  path: string,
  size: number,
): Promise<Contents> {
  if (!/\.(zip|jar)$/i.test(given)) return nothing(`its code ${given} is no zip file`);
  if (size > 10 * limitBytes) return nothing(tooLarge(given));
  const large: string[] = [];
  const data = await readFile(full);
  const entries = await new Promise<Record<string, Uint8Array> | undefined>((answer) => {
    const filter = ({ name, originalSize }: { name: string; originalSize: number }) => {
      if (!isCode(name)) return false;
      if (originalSize > limitBytes) large.push(name);
      return originalSize <= limitBytes;
    };
    unzip(data, { filter }, (error, files) => answer(error ? undefined : files));
  });
  if (!entries) return nothing(`its code ${given} cannot be unpacked`);
  return joined([
    ...large.map((it) => nothing(tooLarge(it))),
    ...Object.entries(entries).map(([name, bytes]) => textAt(posix.join(path, name), bytes)),
  ]);
}

function tooLarge(name: string): string {
  return `its code ${name} is larger than 20 MB and is not read`;
}

/** True for a JavaScript file that is not one of the AWS SDK's own. */
function isCode(path: string): boolean {
  return (
    /\.[cm]?js$/.test(path) && !/(^|\/)node_modules\/@(aws-sdk|smithy|aws-crypto)\//.test(path)
  );
}

function textAt(path: string, bytes: Uint8Array): Contents {
  if (!isCode(path)) return joined([]);
  return { files: [{ path, text: new TextDecoder().decode(bytes) }], unread: [] };
}

function nothing(why: string): Contents {
  return { files: [], unread: [why] };
}

function joined(all: readonly Contents[]): Contents {
  return {
    files: all.flatMap(({ files }) => files),
    unread: [...new Set(all.flatMap(({ unread }) => unread))],
  };
}
