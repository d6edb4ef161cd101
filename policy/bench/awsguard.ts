import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureLocked } from "../../scripts/npm.mjs";

/** Pulumi's pack for AWS, of 2021; there is no later one. Its name and version in npm. */
export const awsguard = "@pulumi/awsguard 0.3.1";

/**
 * Installs AWSGuard below `.tools/`, once, and returns the folder of a pack with all its rules. It needs @pulumi/aws
 * 4, so it cannot be a dependency of this repository. Throws what npm says if it cannot be installed.
 */
export async function ensureAwsguard(): Promise<string> {
  const source = join(import.meta.dirname, "awsguard");
  const pack = join(await ensureLocked(console.error, "AWSGuard", "awsguard", source), "pack");
  mkdirSync(pack, { recursive: true });
  writeFileSync(join(pack, "package.json"), '{ "version": "0.3.1", "main": "index.js" }\n');
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  const program = `const { AwsGuard } = require("@pulumi/awsguard");\nnew AwsGuard({ all: "mandatory" });\n`;
  writeFileSync(join(pack, "index.js"), program);
  return pack;
}
