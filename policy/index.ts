// First, for it concerns what is loaded after it.
import "./compile-cache.ts";
import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { onConfiguration } from "./configuration.ts";
import { loadReference } from "./iam/reference.ts";
import { createPack } from "./pack.ts";
import { rules } from "./rules/index.ts";

const folder = join(__dirname, "..");
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

const pack = createPack({
  rules,
  folder,
  version,
  environment: process.env,
  now: () => new Date(),
});

// All that the pack reads of the disk, it reads before the program can change it.
loadReference();
onConfiguration(pack.configure);

// This starts the pack's server, so this file does nothing else and no test loads it.
new PolicyPack("least-privilege-iam", { policies: pack.policies, enforcementLevel: "mandatory" });

// The engine kills this process, which would otherwise write its cache as it ends. Later, when the
// engine waits for the program and no longer for the pack.
setTimeout(flushCompileCache, 500).unref();
