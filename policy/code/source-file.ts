import { createHash } from "node:crypto";
import type { SourceFile } from "./language.ts";
import { type PackedData, unpack } from "./zip.ts";

/** Thrown for a file in a zip file that cannot be unpacked. The message is the end of `its code …`. */
export class UnpackError extends Error {
  override readonly name = "UnpackError";
}

/** A file with this content. */
export function fileOfBytes(path: string, bytes: Uint8Array): SourceFile {
  return new LazyFile(path, digestOf("bytes", bytes), () => bytes);
}

/** A file in a zip file, which is unpacked when its text is read. */
export function fileOfPacked(path: string, data: PackedData, archive: string): SourceFile {
  const digest = digestOf(`${data.isDeflated ? "deflated" : "stored"} ${data.size}`, data.bytes);
  return new LazyFile(path, digest, () => {
    const bytes = unpack(data);
    if (!bytes) throw new UnpackError(`${path} in ${archive} cannot be unpacked`);
    return bytes;
  });
}

class LazyFile implements SourceFile {
  readonly path: string;
  readonly digest: string;
  private bytes: (() => Uint8Array) | undefined;
  private decoded = "";

  constructor(path: string, digest: string, bytes: () => Uint8Array) {
    this.path = path;
    this.digest = digest;
    this.bytes = bytes;
  }

  get text(): string {
    if (this.bytes) {
      this.decoded = new TextDecoder().decode(this.bytes());
      this.bytes = undefined;
    }
    return this.decoded;
  }
}

/** Equal bytes in another format are another text. */
function digestOf(format: string, bytes: Uint8Array): string {
  return createHash("sha256").update(`${format}\0`).update(bytes).digest("base64");
}
