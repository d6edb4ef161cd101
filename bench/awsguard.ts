import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Policies } from "@pulumi/policy";
import { onceFor } from "../scripts/tools.mjs";
import type { Pack } from "./policy-server.ts";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".tools", "awsguard");
const packageFile = join(folder, "package.json");

/** Pulumi's own pack for AWS, of 2021; there is no later one. Its name and version in npm. */
export const awsguard = "@pulumi/awsguard 0.3.1";

/**
 * Installs AWSGuard below `.tools/`, once: it needs @pulumi/aws 4, so it cannot be a dependency of
 * this repository. The policy server and Pulumi's SDK are of the versions that this pack runs with.
 * Throws what npm says where it cannot be installed.
 */
export async function ensureAwsguard(): Promise<void> {
  const versionOf = (name: string): string =>
    JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
  const content = JSON.stringify({
    private: true,
    dependencies: {
      "@pulumi/awsguard": "0.3.1",
      "@pulumi/policy": versionOf("@pulumi/policy").replace("v", ""),
      "@pulumi/pulumi": versionOf("@pulumi/pulumi").replace("v", ""),
    },
  });
  await onceFor(join(folder, ".installed"), content, () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(packageFile, content);
    // No scripts: one would look for a plugin of the old provider, which nothing here runs.
    const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    execFileSync("npm", ["install", ...options], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
  });
}

/** All of its policies, as it gives them to the server that constructing it would start. */
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
