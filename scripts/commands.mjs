import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** True if the command exists and succeeds with these arguments. */
export function isThere(command, args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** Throws an error that says what to install, unless the command succeeds with these arguments. */
export function requireTool(command, args, needed) {
  if (isThere(command, args)) return;
  throw new Error(`${command} is missing or too old: install ${needed}.`);
}

/** What the program at `path` prints with these arguments, trimmed; `undefined` if there is none. */
export function outputOf(path, args) {
  if (!existsSync(path)) return undefined;
  return spawnSync(path, args, { encoding: "utf8" }).stdout?.trim();
}
