import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Takes the lock file `path` for this process and returns the function that gives it back.
 * A lock whose process has ended is taken over. Throws, naming the process, while another one
 * that lives holds it: `what` says what that one does.
 */
export function takeLock(path, what) {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const holder = Number(readFileSync(path, "utf8"));
    if (isAlive(holder)) {
      throw new Error(
        `${what} in this checkout already, as process ${holder}: wait for it, or use a second checkout. ` +
          `If that process is something else, delete ${path}.`,
      );
    }
    rmSync(path, { force: true });
    return takeLock(path, what);
  }
  return () => rmSync(path, { force: true });
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
