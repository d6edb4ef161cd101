import { spawn } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "../../scripts/tools.mjs";

/** Makes the empty `folder` a checkout with what the set-up's scripts read, and a stand-in for the language host. */
export function fillCheckout(folder: string): void {
  for (const path of ["scripts", "package.json", ".nvmrc"]) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  mkdirSync(join(folder, "sandbox", "engine", "language-host"), { recursive: true });
  writeFileSync(
    join(folder, "sandbox", "engine", "language-host", "pulumi-language-nodejs"),
    "#!/bin/sh\n",
  );
}

/** Runs a line of JavaScript that has the set-up of that checkout as `tools`. */
export async function inCheckout(
  checkout: string,
  line: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ output: string; error: string }> {
  const tools = JSON.stringify(join(checkout, "scripts", "tools.mjs"));
  const code = `const tools = await import(${tools});\n${line}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, error };
}
