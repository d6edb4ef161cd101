import { inflateRawSync } from "node:zlib";
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
  /** Reads the entry's data; undefined if it is encrypted, or in a format that Lambda does not unpack. */
  readonly read: () => Promise<PackedData | undefined>;
}

/** Data as it is in a zip file. */
export interface PackedData {
  readonly bytes: Buffer;
  readonly isDeflated: boolean;
  /** Bytes, unpacked. */
  readonly size: number;
}

/** Unpacks data; undefined if that does not give `size` bytes. */
export function unpack({ bytes, isDeflated, size }: PackedData): Buffer | undefined {
  if (!isDeflated) return bytes.length === size ? bytes : undefined;
  try {
    // zlib does not accept a limit of 0.
    const unpacked = inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
    return unpacked.length === size ? unpacked : undefined;
  } catch {
    return undefined;
  }
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const entryBytes = 46;
const localBytes = 30;
const stored = 0;
const deflated = 8;
const longestComment = 0xffff;
/** More than the headers of as many files as the pack reads. */
const longestDirectory = 32 * 1024 * 1024;
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
  if (end - start > longestDirectory) return undefined;
  const headers = await file.read({ from: start, length: end - start });
  const found: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    budget.countEntry();
    const header = headers.subarray(at, at + entryBytes);
    if (header.length < entryBytes || header.readUInt32LE(0) !== entrySignature) return undefined;
    const nameLength = header.readUInt16LE(28);
    const name = headers.toString("utf8", at + entryBytes, at + entryBytes + nameLength);
    at += entryBytes + nameLength + header.readUInt16LE(30) + header.readUInt16LE(32);
    found.push(entryOf(file, header, name));
  }
  // An archive could hide entries by a lower count in its end record.
  return at === headers.length ? found : undefined;
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
      if (!isReadable || (method !== stored && method !== deflated)) return undefined;
      const bytes = await dataOf(file, local, packed);
      return { bytes, isDeflated: method === deflated, size };
    },
  };
}

async function dataOf(file: Bytes, local: number, length: number): Promise<Buffer> {
  const header = await file.read({ from: local, length: localBytes });
  if (header.length < localBytes) return Buffer.alloc(0);
  const from = local + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  return file.read({ from, length: Math.min(length, Math.max(0, file.size - from)) });
}
