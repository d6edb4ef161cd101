import { createHash, type Hash } from "node:crypto";

/**
 * The hash of files as Go's archive/tar writes them, which is how the engine identifies an archive. Each header
 * has a mode of 0600 and the time 0. Names that do not fit are in an extended header (PAX).
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/archive/archive.go (addNextFileToTar)
 * https://github.com/golang/go/blob/master/src/archive/tar/writer.go
 */
export class TarHash {
  private readonly hash: Hash = createHash("sha256");
  private readonly names = new Set<string>();

  /** Adds a file; a name that was added before is left out, as the engine does. `content` has `size` bytes. */
  async add(name: string, size: number, content: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.names.has(name)) return;
    this.names.add(name);
    this.addHeaders(name, size);
    for await (const bytes of content) this.hash.update(bytes);
    this.pad(size);
  }

  /** The hash in hexadecimal digits. Nothing can be added afterwards. */
  digest(): string {
    return this.hash.update(Buffer.alloc(2 * blockBytes)).digest("hex");
  }

  private addHeaders(name: string, size: number): void {
    const length = Buffer.byteLength(name);
    const isAscii = length === name.length;
    if (isAscii && length <= nameBytes) {
      this.hash.update(headerOf({ name, size, type: "0", mode: 0o600 }));
      return;
    }
    const parts = isAscii ? splitName(name) : undefined;
    if (parts) {
      this.hash.update(headerOf({ ...parts, size, type: "0", mode: 0o600 }));
      return;
    }
    const record = Buffer.from(recordOf("path", name));
    const at = name.lastIndexOf("/") + 1;
    const extended = `${name.slice(0, at)}PaxHeaders.0/${name.slice(at)}`;
    const shown = ascii(extended).slice(0, nameBytes).replace(/\/+$/, "");
    this.hash.update(headerOf({ name: shown, size: record.length, type: "x", mode: 0 }));
    this.hash.update(record);
    this.pad(record.length);
    this.hash.update(headerOf({ name: ascii(name), size, type: "0", mode: 0o600 }));
  }

  private pad(size: number): void {
    this.hash.update(Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes));
  }
}

const blockBytes = 512;
const nameBytes = 100;
const prefixBytes = 155;

interface Header {
  readonly name: string;
  readonly prefix?: string;
  readonly size: number;
  readonly type: string;
  readonly mode: number;
}

function headerOf({ name, prefix = "", size, type, mode }: Header): Buffer {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, "0"), at, "latin1");
  block.write(name.slice(0, nameBytes), 0, "latin1");
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write("        ", 148, "latin1");
  block.write(type, 156, "latin1");
  block.write("ustar\0" + "00", 257, "latin1");
  if (type !== "x") {
    octal(0, 329, 8);
    octal(0, 337, 8);
  }
  block.write(prefix, 345, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  octal(sum, 148, 7);
  block[154] = 0;
  return block;
}

/** The folder and the rest of a name, if both fit. */
function splitName(name: string): { prefix: string; name: string } | undefined {
  const at = name.slice(0, prefixBytes + 1).lastIndexOf("/");
  const rest = name.slice(at + 1);
  if (at <= 0 || rest.length === 0 || rest.length > nameBytes) return undefined;
  return { prefix: name.slice(0, at), name: rest };
}

/** `LENGTH KEY=VALUE`, whose length includes its own digits. */
function recordOf(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (String(length).length !== String(bytes).length) length = bytes + String(length).length;
  return `${length}${rest}`;
}

function ascii(text: string): string {
  return [...text].filter((it) => it > "\0" && it <= "\x7f").join("");
}
