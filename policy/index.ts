import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { digestOf, openReadingCache } from "./code/reading-cache.ts";
import { collectCodeHashes } from "./code-hashes.ts";
import { onConfiguration } from "./configuration.ts";
import { createPack } from "./pack.ts";
import { devDependencies, version } from "./package.json";
import { rules } from "./rules/index.ts";
import { addStackReferences } from "./stack-references.ts";

/** The engine starts an executable in the program's folder, and loads a folder's `main` itself. */
const isExecutable = require.main === module;

const pack = createPack({
  rules,
  folder: isExecutable ? process.cwd() : join(__dirname, ".."),
  version,
  environment: isExecutable ? { ...process.env, PWD: process.cwd() } : process.env,
  codeHashes: collectCodeHashes(),
  readingCache: openReadingCache({
    folder: cacheFolder(process.env),
    // The code of the pack, since its version stays the same while it is worked on.
    versions: [version, JSON.stringify(devDependencies), digestOf(readFileSync(__filename))],
  }),
  now: () => new Date(),
});
onConfiguration(pack.configure);
addStackReferences();

// `new PolicyPack` would read the version from the package.json of the working folder, which is the program's.
const { serve } = require("@pulumi/policy/server");
serve("least-privilege-iam", version, "mandatory", { policies: pack.policies });
