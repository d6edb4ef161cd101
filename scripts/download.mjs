import { createHash } from "node:crypto";
import { createReadStream, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { step } from "./step.mjs";

/**
 * Downloads `url` to the file `path`, without verifying it: call `verify` next. Throws, and leaves no
 * file, if there is no connection, the status is not 200 or the response is incomplete.
 */
export async function download(say, what, url, path) {
  let bytes = 0;
  const count = async function* (chunks) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  const work = async () => {
    const response = await fetch(url);
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    // Opened before anything can fail: a stream that opens the file itself could do so after its removal.
    const file = await open(path, "w");
    await pipeline(Readable.fromWeb(response.body), count, file.createWriteStream());
  };
  try {
    await step(say, what, work, () => `${Math.round(bytes / 1_000_000)} MB`);
  } catch (error) {
    rmSync(path, { force: true });
    throw new Error(`${url}: ${error.cause?.message ?? error.message}`);
  }
}

/**
 * Throws unless the file `path` has this SHA-256 (64 lower-case hex digits), and deletes the file in that case.
 * The message names `origin`, where the file came from, and `setIn`, the file that contains the expected hash.
 */
export async function verify(path, sha256, { origin, setIn }) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest("hex");
  if (actual === sha256) return;
  rmSync(path);
  throw new Error(
    `${origin} is not the expected file, so it was deleted: its SHA-256 is ${actual}, expected ${sha256}. ` +
      `Somebody may have changed the download. If its publisher confirms the new hash, set it in ${setIn}.`,
  );
}
