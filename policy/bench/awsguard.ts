import { createRequire } from "node:module";
import { join } from "node:path";
import type { Policies } from "@pulumi/policy";
import { ensureLocked } from "../../scripts/npm.mjs";
import type { Pack } from "./server.ts";

const packageFile = join(import.meta.dirname, "..", "..", ".tools", "awsguard", "package.json");

/** Pulumi's pack for AWS, of 2021; there is no later one. Its name and version in npm. */
export const awsguard = "@pulumi/awsguard 0.3.1";

/**
 * Installs AWSGuard below `.tools/`, once: it needs @pulumi/aws 4, so it cannot be a dependency of
 * this repository. Throws what npm says if it cannot be installed.
 */
export async function ensureAwsguard(): Promise<void> {
  await ensureLocked(console.error, "AWSGuard", "awsguard", join(import.meta.dirname, "awsguard"));
}

/** All of its policies, as it passes them to the server that its constructor starts. */
export function awsguardPack(): Pack {
  const require = createRequire(packageFile);
  const server = require("@pulumi/policy/server");
  let policies: Policies = [];
  server.serve = (...[, , , args]: [string, string, string, { policies: Policies }]) => {
    policies = args.policies;
  };
  const { AwsGuard } = require("@pulumi/awsguard");
  new AwsGuard({ all: "mandatory" });
  if (policies.length === 0) throw new Error(`${awsguard} has given no policies to its server`);
  return { name: "pulumi-awsguard", file: packageFile, policies };
}
