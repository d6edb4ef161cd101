import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { download, verify } from "./download.mjs";
import { run } from "./step.mjs";

/**
 * Installs Pulumi's official download of that version of the CLI in `FOLDER/bin`, and returns true. If
 * `checksums` (a file in the format of sha256sum) has no line for this version and platform, or the download fails,
 * it prints the reason and returns false. Throws, and leaves nothing, if the download has another SHA-256.
 */
export async function downloadPulumi(say, options) {
  const { version, folder, checksums, origin = "https://get.pulumi.com/releases/sdk" } = options;
  const { platform = `${process.platform}-${process.arch}` } = options;
  const archive = `pulumi-v${version}-${platform}.tar.gz`;
  const sha256 = checksumOf(readFileSync(checksums, "utf8"), archive);
  if (!sha256) {
    say(`  ${basename(checksums)} has no ${archive}: the Pulumi CLI is not downloaded`);
    return false;
  }
  const url = `${origin}/${archive}`;
  // In the destination's folder, so that each gets its name in one step, once it is verified and complete.
  const draft = join(folder, `${archive}.${process.pid}`);
  const unpacked = join(folder, `bin.${process.pid}`);
  mkdirSync(unpacked, { recursive: true });
  try {
    try {
      await download(say, `Pulumi CLI ${version}, official download`, url, draft);
    } catch (error) {
      say(`  the download failed (${error.message})`);
      return false;
    }
    await verify(draft, sha256, { origin: url, setIn: checksums });
    const args = ["-xzf", draft, "-C", unpacked, "--strip-components=1"];
    await run(say, `Pulumi CLI ${version} unpacked`, "tar", args, { cwd: folder });
    rmSync(join(folder, "bin"), { recursive: true, force: true });
    renameSync(unpacked, join(folder, "bin"));
    return true;
  } finally {
    rmSync(draft, { force: true });
    rmSync(unpacked, { recursive: true, force: true });
  }
}

function checksumOf(checksums, file) {
  const lines = checksums.split("\n").map((line) => line.split(/ [ *]/));
  return lines.find(([, name]) => name === file)?.[0];
}
