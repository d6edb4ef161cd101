import { createHash } from "node:crypto";
import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, posix, relative, resolve } from "node:path";
import { type Fields, isFields, read } from "../field.ts";
import { LimitError } from "../read-limits.ts";
import { membersOf } from "./assets.ts";
import type { CodeBudget } from "./budget.ts";
import { bytesOfFile, codeRootOf, isInside, openRegular } from "./files.ts";
import { TarHash } from "./tar-hash.ts";
import { unpack, zipEntries } from "./zip.ts";

/**
 * The hash that the engine gives an asset or an archive whose relative paths start in a folder, in hexadecimal
 * digits: of the bytes of a file, or else of all files as a tar archive. Undefined if something is missing, is
 * outside of the repository, or exceeds a limit.
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/archive/archive.go (EnsureHashWithWD)
 */
export async function engineHashOf(
  asset: Fields,
  folder: string,
  budget: CodeBudget,
): Promise<string | undefined> {
  try {
    return await new EngineHash(folder, budget).of(asset);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof LimitError || error instanceof Unhashed || code !== undefined) {
      return undefined;
    }
    throw error;
  }
}

/** Something has no hash that could be computed here. */
class Unhashed extends Error {}

class EngineHash {
  private readonly folder: string;
  private readonly budget: CodeBudget;
  private readonly tar = new TarHash();

  constructor(folder: string, budget: CodeBudget) {
    this.folder = folder;
    this.budget = budget;
  }

  async of(asset: Fields): Promise<string> {
    const { path } = await membersOf(asset);
    if (typeof path === "string") {
      const full = await this.resolve(path);
      if ((await stat(full)).isFile()) return this.hashOfFile(full);
    }
    await this.add(asset, "");
    return this.tar.digest();
  }

  private async hashOfFile(full: string): Promise<string> {
    const hash = createHash("sha256");
    for await (const bytes of await this.contentOf(full)) hash.update(bytes);
    return hash.digest("hex");
  }

  private async add(asset: Fields, name: string): Promise<void> {
    this.budget.countHashed(0);
    const { assets, text, path } = await membersOf(asset);
    if (isFields(assets)) {
      for (const key of Object.keys(assets).sort()) {
        const inner = read(() => assets[key]);
        if (!inner.isKnown || !isFields(inner.value)) throw new Unhashed();
        await this.add(inner.value, name ? posix.join(name, key) : key);
      }
    } else if (typeof text === "string") {
      const bytes = Buffer.from(text);
      await this.tar.add(name, bytes.length, one(bytes));
    } else if (typeof path === "string") {
      const full = await this.resolve(path);
      if ((await stat(full)).isDirectory()) await this.addFolder(full, full, name);
      else if (asset.__pulumiArchive === true) await this.addZip(full, name);
      else await this.addFile(full, name);
    } else throw new Unhashed();
  }

  /** In the order of Go's filepath.Walk. Links to folders are left out, and links to files are followed. */
  private async addFolder(folder: string, root: string, name: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      this.budget.countHashed(0);
      if (entry.name === ".pulumi") continue;
      const full = join(folder, entry.name);
      const inPackage = posix.join(name, relative(root, full).replaceAll("\\", "/"));
      if (entry.isDirectory()) await this.addFolder(full, root, name);
      else if (entry.isSymbolicLink()) {
        const target = await this.resolve(full);
        if ((await stat(target)).isFile()) await this.addFile(target, inPackage);
      } else await this.addFile(full, inPackage);
    }
  }

  private async addZip(full: string, name: string): Promise<void> {
    const handle = await openRegular(full);
    if (!handle) throw new Unhashed();
    try {
      for (const entry of (await zipEntries(await bytesOfFile(handle), this.budget)) ?? []) {
        if (entry.name.endsWith("/")) continue;
        this.budget.countHashed(entry.size);
        const data = await entry.read();
        const bytes = data && unpack(data);
        if (!bytes) throw new Unhashed();
        await this.tar.add(posix.join(name, entry.name), bytes.length, one(bytes));
      }
    } finally {
      await handle.close();
    }
  }

  private async addFile(full: string, name: string): Promise<void> {
    await this.tar.add(name, (await stat(full)).size, await this.contentOf(full));
  }

  private async contentOf(full: string): Promise<AsyncIterable<Uint8Array>> {
    const handle = await openRegular(full);
    if (!handle) throw new Unhashed();
    this.budget.countHashed((await handle.stat()).size);
    return handle.createReadStream();
  }

  /** The path without links, which must be in the repository. */
  private async resolve(path: string): Promise<string> {
    const full = await realpath(isAbsolute(path) ? path : resolve(this.folder, path));
    if (!isInside(full, await codeRootOf(this.folder))) throw new Unhashed();
    return full;
  }
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
