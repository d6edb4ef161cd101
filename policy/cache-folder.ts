import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve, sep } from "node:path";
import { isCi } from "./ci.ts";

/** Where a user's caches are, below the home folder. */
const ofPlatform: Readonly<Record<string, readonly string[]>> = {
  darwin: ["Library", "Caches"],
  linux: [".cache"],
};
const name = "least-privilege-iam";

/** What decides where the cache is; from the operating system, unless a test sets it. */
interface User {
  readonly home: string;
  /** Undefined on Windows, which has no such ids. */
  readonly uid: number | undefined;
  readonly platform: string;
  readonly temporary: readonly string[];
}

/**
 * The pack's folder for what it keeps between previews, created if it does not exist; undefined if there is none that
 * only this user can write. The home folder is that of the operating system's user database: a variable could lead into a
 * checkout. A pipeline has no cache, since a pull request could have filled it. POLICY_CACHE=off disables the cache.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>>,
  user: User = currentUser(),
): string | undefined {
  const { home, uid, platform, temporary } = user;
  const below = ofPlatform[platform];
  if (isCi(environment) || environment.POLICY_CACHE === "off") return undefined;
  if (uid === undefined || !below || home === "") return undefined;
  try {
    const start = realpathSync(home);
    if (start !== resolve(home) || !isOwn(start, uid)) return undefined;
    const isTemporary = temporary.some((it) => `${start}${sep}`.startsWith(`${it}${sep}`));
    // A checkout that is the home folder, or has it below.
    if (isTemporary || isInCheckout(start)) return undefined;
    let folder = start;
    for (const part of [...below, name]) {
      folder = join(folder, part);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (!isOwn(folder, uid) || isInCheckout(folder)) return undefined;
    }
    return (lstatSync(folder).mode & 0o077) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}

function currentUser(): User {
  try {
    const { homedir: home, uid } = userInfo();
    const temporary = [tmpdir(), "/tmp", "/var/tmp", "/dev/shm"];
    return { home, uid: uid < 0 ? undefined : uid, platform: process.platform, temporary };
  } catch {
    return { home: "", uid: undefined, platform: process.platform, temporary: [] };
  }
}

/** True for a folder of this user, not a link, that nobody else may write. */
function isOwn(folder: string, uid: number): boolean {
  const stats = lstatSync(folder);
  return stats.isDirectory() && stats.uid === uid && (stats.mode & 0o022) === 0;
}

function isInCheckout(folder: string): boolean {
  return lstatSync(join(folder, ".git"), { throwIfNoEntry: false }) !== undefined;
}
