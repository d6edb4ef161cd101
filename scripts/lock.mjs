import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Acquires the lock file `path` for this process, and returns the function that releases it. Takes over the lock
 * of a process that has ended. Throws, naming the process, if a running one holds it; `what` is what that
 * process does, for example "The set-up runs".
 */
export function acquireLock(path, what) {
  mkdirSync(dirname(path), { recursive: true });
  // Complete before it gets the lock's name: an empty lock would look like one of a process that has ended.
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    if (!linkIfFree(own, path)) takeOver(path, own, what);
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/**
 * Replaces the lock of a process that has ended. One process at a time does so: otherwise two that find the
 * same lock would both replace it, and both believe that they hold it.
 */
function takeOver(path, own, what) {
  refuseIfHeld(path, what);
  const guard = `${path}.takeover`;
  if (!linkIfFree(own, guard)) {
    throw new Error(
      `Another process is taking over the lock ${path}: try again. If no process does, delete ${guard}.`,
    );
  }
  try {
    if (linkIfFree(own, path)) return;
    refuseIfHeld(path, what);
    renameSync(own, path);
  } finally {
    rmSync(guard, { force: true });
  }
}

/** Gives `file` the name `path` too, unless there is such a file already; returns whether it did. */
function linkIfFree(file, path) {
  try {
    linkSync(file, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function refuseIfHeld(path, what) {
  const holder = holderOf(path);
  if (!isAlive(holder)) return;
  throw new Error(
    `${what} in this checkout already, as process ${holder}: wait for it, or use a second checkout. ` +
      `If that process is something else, delete ${path}.`,
  );
}

/** The process ID in a lock file, or NaN if the lock has been released or contains something else. */
function holderOf(path) {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return Number.NaN;
    throw error;
  }
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
