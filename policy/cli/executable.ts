import { dirname, resolve } from "node:path";

/** How users start the command line, which is the policy pack too. */
export const executable = "node_modules/.bin/least-privilege-iam";

/** The absolute path of the pack for `--policy-pack`. Windows does not start a script, so it gets the folder. */
export const packPath =
  process.platform === "win32" ? dirname(dirname(resolve(__filename))) : resolve(__filename);
