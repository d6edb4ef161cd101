import { type FileHandle, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, posix, resolve } from "node:path";
import { unknownCheckingProxy } from "@pulumi/policy";
import { type Field, type Fields, isFields, read, withoutProxy } from "../field.ts";
import { LimitError } from "../read-limits.ts";
import type { CodeBudget } from "./budget.ts";
import {
  type Bytes,
  bytesInMemory,
  bytesOfFile,
  codeIn,
  codeRootOf,
  isInside,
  openRegular,
  readBytes,
} from "./files.ts";
import type { Language, SourceFile } from "./language.ts";
import { fileOfBytes, fileOfPacked } from "./source-file.ts";
import { type ZipEntry, zipEntries } from "./zip.ts";

/** The files of an asset or an archive, and why others are not read. */
export interface Contents {
  readonly files: readonly SourceFile[];
  /** The paths of files of which only the path matters. */
  readonly listed: readonly string[];
  /** Sentences about the function without a full stop. */
  readonly unread: readonly string[];
}

/** Where a program's code is, and how much of it may be read. */
export interface Reading {
  /** The program's folder, from which relative paths start. */
  readonly folder: string;
  readonly budget: CodeBudget;
}

const unknownPart = "part of its code is not known before deployment";

/**
 * Reads an asset or an archive of Pulumi by its members, so that it can come from any copy of
 * @pulumi/pulumi. `path` is its path in the package.
 */
export async function readAsset(
  asset: Fields,
  path: string,
  language: Language,
  reading: Reading,
): Promise<Contents> {
  const reader = new AssetReader(language, reading);
  await reader.read(asset, path);
  return reader.contents();
}

/** Reads a zip file in memory. `given` names it in sentences; `path` is the folder into which it is unpacked. */
export async function readZip(
  zip: Buffer,
  { given, path }: { readonly given: string; readonly path: string },
  language: Language,
  reading: Reading,
): Promise<Contents> {
  const reader = new AssetReader(language, reading);
  await reader.readZip(bytesInMemory(zip), given, path);
  return reader.contents();
}

class AssetReader {
  private readonly files: SourceFile[] = [];
  private readonly listed: string[] = [];
  private readonly unread = new Set<string>();
  private readonly language: Language;
  private readonly folder: string;
  private readonly budget: CodeBudget;

  constructor(language: Language, { folder, budget }: Reading) {
    this.language = language;
    this.folder = folder;
    this.budget = budget;
  }

  contents(): Contents {
    return { files: this.files, listed: this.listed, unread: [...this.unread] };
  }

  async read(asset: Fields, path: string): Promise<void> {
    const assets = await memberOf(asset, "assets");
    if (!assets.isKnown) this.unread.add(unknownPart);
    else if (isFields(assets.value)) await this.readAssets(assets.value, path);
    else await this.readOne(asset, path);
  }

  private async readAssets(assets: Fields, path: string): Promise<void> {
    for (const name of Object.keys(assets)) {
      if (!(await this.within(() => this.budget.countEntry()))) return;
      const asset = read(() => assets[name]);
      if (!asset.isKnown) this.unread.add(unknownPart);
      else if (isFields(asset.value)) await this.read(asset.value, posix.join(path, name));
    }
  }

  private async readOne(asset: Fields, path: string): Promise<void> {
    const text = await memberOf(asset, "text");
    const file = await memberOf(asset, "path");
    if (!text.isKnown || !file.isKnown) this.unread.add(unknownPart);
    else if (typeof text.value === "string") await this.readText(text.value, path);
    else if (typeof file.value === "string") await this.readPath(file.value, path, asset);
    else this.unread.add("part of its code is at a remote address");
  }

  private async readText(text: string, path: string): Promise<void> {
    if (this.language.isListed(path)) this.listed.push(path);
    if (!this.language.isCode(path)) return;
    const isRead = await this.within(() => this.budget.countFile(path, Buffer.byteLength(text)));
    if (isRead) this.files.push({ path, text });
  }

  private async readPath(given: string, path: string, asset: Fields): Promise<void> {
    try {
      // The program may name a link itself. realpath resolves all links on the path.
      const full = await realpath(isAbsolute(given) ? given : resolve(this.folder, given));
      const root = await codeRootOf(this.folder);
      if (!isInside(full, root)) {
        this.unread.add(`its code ${given} is outside ${root} and is not read`);
      } else if ((await stat(full)).isDirectory()) await this.readFolder(full, path);
      else if (isArchive(asset)) await this.readArchive(full, given, path);
      else await this.readNamed(full, path || basename(given), given);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      this.unread.add(
        `its code ${given} cannot be read (${code ?? "no error code"}) from the folder ${this.folder}`,
      );
    }
  }

  private async readNamed(full: string, path: string, given: string): Promise<void> {
    if (this.language.isListed(path)) this.listed.push(path);
    else if (this.language.isCode(path)) await this.readFile(full, path, given);
  }

  private async readFolder(folder: string, path: string): Promise<void> {
    await this.within(async () => {
      for (const { path: inside, isFile } of await codeIn(folder, this.language, this.budget)) {
        const inPackage = posix.join(path, inside);
        if (this.language.isListed(inPackage)) this.listed.push(inPackage);
        else if (isFile) await this.readFile(join(folder, inside), inPackage, inPackage);
        else this.unread.add(specialFile(inPackage));
      }
    });
  }

  /** `shown` is the path in a sentence about the file. */
  private async readFile(full: string, path: string, shown: string): Promise<void> {
    await this.withRegularFile(full, shown, async (handle) => {
      const { size } = await handle.stat();
      this.budget.countFile(shown, size);
      this.files.push(fileOfBytes(path, await readBytes(handle, { from: 0, length: size })));
    });
  }

  private async readArchive(full: string, given: string, path: string): Promise<void> {
    // A file that is uploaded to S3 can have any name. Pulumi unpacks only tar archives besides.
    if (/\.(tar|tgz|tar\.gz)$/i.test(given)) {
      this.unread.add(`its code ${given} is not a zip file`);
      return;
    }
    await this.withRegularFile(full, given, async (handle) =>
      this.readZip(await bytesOfFile(handle), given, path),
    );
  }

  async readZip(zip: Bytes, given: string, path: string): Promise<void> {
    await this.within(async () => {
      const entries = await zipEntries(zip, this.budget);
      if (!entries) this.unread.add(`its code ${given} cannot be unpacked`);
      for (const entry of entries ?? []) {
        const inPackage = posix.join(path, entry.name);
        if (this.language.isListed(entry.name)) this.listed.push(inPackage);
        else if (this.language.isCode(entry.name))
          await this.within(() => this.readEntry(entry, given, inPackage));
      }
    });
  }

  private async readEntry(entry: ZipEntry, archive: string, path: string): Promise<void> {
    if (entry.isLink) {
      this.unread.add(specialFile(path));
      return;
    }
    this.budget.countFile(path, Math.max(entry.size, entry.packed));
    const data = await entry.read();
    if (data) this.files.push(fileOfPacked(path, data, archive));
    else this.unread.add(`its code ${path} in ${archive} cannot be unpacked`);
  }

  /** Does work within the limits on a file that is neither a link nor special. */
  private async withRegularFile(
    full: string,
    shown: string,
    work: (handle: FileHandle) => Promise<void>,
  ): Promise<void> {
    const handle = await openRegular(full);
    if (!handle) {
      this.unread.add(specialFile(shown));
      return;
    }
    try {
      await this.within(() => work(handle));
    } finally {
      await handle.close();
    }
  }

  /** Does work within the limits; returns false if it exceeds one. */
  private async within(work: () => void | Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      this.unread.add(`its code ${error.message}`);
      return false;
    }
  }
}

/** The members of an asset or an archive, as far as they are known. */
export async function membersOf(
  asset: Fields,
): Promise<{ readonly assets: unknown; readonly text: unknown; readonly path: unknown }> {
  const known = async (name: string) => {
    const member = await memberOf(asset, name);
    return member.isKnown ? member.value : undefined;
  };
  return { assets: await known("assets"), text: await known("text"), path: await known("path") };
}

/** A member, which is a promise in @pulumi/pulumi. */
async function memberOf(asset: Fields, name: string): Promise<Field<unknown>> {
  const member = read(() => asset[name]);
  if (!member.isKnown) return member;
  // `then` must be called on the promise itself, not on @pulumi/policy's proxy of it.
  const value = await withoutProxy(member.value);
  return read(() => unknownCheckingProxy({ value }).value);
}

function isArchive(asset: Fields): boolean {
  return asset.__pulumiArchive === true;
}

function specialFile(path: string): string {
  return `its code ${path} is a symbolic link or a special file and is not read`;
}
