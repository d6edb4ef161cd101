import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "../../scripts/root.mjs";

/** Returns a function that creates a temporary folder. All are removed after the `describe` that calls this. */
export function temporaryFolders(): () => string {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  return () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "set-up-")));
    folders.push(folder);
    return folder;
  };
}

/** Fills the empty `folder` with what the set-up's scripts read of a checkout, and a fake language host. */
export function fillCheckout(folder: string): void {
  for (const path of ["scripts", "package.json", ".nvmrc"]) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  const languageHost = join(folder, "sandbox", "engine", "language-host");
  mkdirSync(languageHost, { recursive: true });
  writeFileSync(join(languageHost, "pulumi-language-nodejs"), "#!/bin/sh\n");
}

/** Runs a line of JavaScript that has the file `scripts/SCRIPT` of that checkout as `script`. */
export async function inCheckout(
  checkout: string,
  script: string,
  line: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ output: string; error: string }> {
  const path = JSON.stringify(join(checkout, "scripts", script));
  const code = `const script = await import(${path});\n${line}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, error };
}
