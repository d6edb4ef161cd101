import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import type { CodeBudget } from "./budget.ts";
import type { Bytes } from "./files.ts";

/**
 * Reads a zip file entry by entry, so that no more is unpacked than was counted, even if a size is
 * wrong or entries share their data. The format: PKWARE's APPNOTE.TXT, 4.3.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */

export interface ZipEntry {
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Bytes in the archive, which can be more than `size`. */
  readonly packed: number;
  readonly isLink: boolean;
  /** Unpacks the entry; undefined if that does not give `size` bytes. */
  readonly read: () => Promise<Buffer | undefined>;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const entryBytes = 46;
const localBytes = 30;
const longestComment = 0xffff;
/** Marks a size that is in the 64-bit extension; Lambda's packages are too small to need it. */
const in64BitExtension = 0xffffffff;

/** The entries of a zip file, in their order; undefined if it is not one. Each entry is counted. */
export async function zipEntries(
  file: Bytes,
  budget: CodeBudget,
): Promise<readonly ZipEntry[] | undefined> {
  const directory = await directoryOf(file);
  if (!directory) return undefined;
  const { count, start, end } = directory;
  const found: ZipEntry[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    budget.countEntry();
    const header = await file.read({ from: at, length: entryBytes });
    if (header.length < entryBytes || header.readUInt32LE(0) !== entrySignature) return undefined;
    const nameLength = header.readUInt16LE(28);
    const name = await file.read({ from: at + entryBytes, length: nameLength });
    at += entryBytes + nameLength + header.readUInt16LE(30) + header.readUInt16LE(32);
    found.push(entryOf(file, header, name.toString("utf8")));
  }
  // An archive could hide entries by a lower count in its end record.
  return at === end ? found : undefined;
}

async function directoryOf(file: Bytes) {
  const { size } = file;
  const length = Math.min(size, endBytes + longestComment);
  const tail = await file.read({ from: size - length, length });
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    if (at + endBytes + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const count = tail.readUInt16LE(at + 10);
    const start = tail.readUInt32LE(at + 16);
    const end = start + tail.readUInt32LE(at + 12);
    return end <= size ? { count, start, end } : undefined;
  }
  return undefined;
}

function entryOf(file: Bytes, header: Buffer, name: string): ZipEntry {
  const packed = header.readUInt32LE(20);
  const size = header.readUInt32LE(24);
  const local = header.readUInt32LE(42);
  const method = header.readUInt16LE(10);
  const isEncrypted = (header.readUInt16LE(8) & 1) === 1;
  // The upper half of the external attributes is the file's mode in Unix.
  const isLink = ((header.readUInt32LE(38) >>> 16) & 0o170000) === 0o120000;
  const isReadable = !isEncrypted && [packed, size, local].every((it) => it !== in64BitExtension);
  return {
    name,
    size,
    packed,
    isLink,
    read: async () => {
      if (!isReadable) return undefined;
      const data = await dataOf(file, local, packed);
      if (method === 0) return data.length === size ? data : undefined;
      return method === 8 ? unpack(data, size) : undefined;
    },
  };
}

async function dataOf(file: Bytes, local: number, length: number): Promise<Buffer> {
  const header = await file.read({ from: local, length: localBytes });
  if (header.length < localBytes) return Buffer.alloc(0);
  const from = local + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  return file.read({ from, length: Math.min(length, Math.max(0, file.size - from)) });
}

/** Unpacks up to `size` bytes, which the header states. */
async function unpack(data: Buffer, size: number): Promise<Buffer | undefined> {
  try {
    // zlib does not accept a limit of 0.
    const unpacked = await promisify(inflateRaw)(data, { maxOutputLength: Math.max(1, size) });
    return unpacked.length === size ? unpacked : undefined;
  } catch {
    return undefined;
  }
}
