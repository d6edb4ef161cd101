import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { cacheFolder } from "./cache-folder.ts";
import { digestOfFolder, openReadingCache } from "./code/reading-cache.ts";
import { collectCodeHashes } from "./code-hashes.ts";
import { onConfiguration } from "./configuration.ts";
import { loadReference } from "./iam/reference.ts";
import { createPack } from "./pack.ts";
import { rules } from "./rules/index.ts";

const folder = join(__dirname, "..");
const { version, dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

const pack = createPack({
  rules,
  folder,
  version,
  environment: process.env,
  codeHashes: collectCodeHashes(),
  readingCache: openReadingCache({
    folder: cacheFolder(process.env),
    // The code of the pack, since its version stays the same while it is worked on.
    versions: [version, JSON.stringify(dependencies), digestOfFolder(__dirname)],
  }),
  now: () => new Date(),
});

// All that the pack reads of the disk, it reads before the program can change it.
loadReference();
onConfiguration(pack.configure);

// This starts the pack's server, so this file does nothing else and no test loads it.
new PolicyPack("least-privilege-iam", { policies: pack.policies, enforcementLevel: "mandatory" });
