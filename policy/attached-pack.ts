import { readFileSync } from "node:fs";
import { cacheFolder } from "./cache-folder.ts";
import { digestOf, openReadingCache } from "./code/reading-cache.ts";
import { collectCodeHashes } from "./code-hashes.ts";
import { createPack, type Pack } from "./pack.ts";
import { devDependencies, version } from "./package.json";
import type { Rule } from "./rule.ts";
import { addStackReferences } from "./stack-references.ts";

/**
 * A pack that gets from the engine's messages what `@pulumi/policy` does not pass to rules. Must be called before the
 * policy server starts.
 */
export function createAttachedPack({
  rules,
  folder,
  environment,
}: {
  readonly rules: readonly Rule[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Pack {
  addStackReferences();
  return createPack({
    rules,
    folder,
    version,
    environment,
    codeHashes: collectCodeHashes(),
    readingCache: openReadingCache({
      folder: cacheFolder(environment),
      // The code of the pack, since its version stays the same while it is worked on.
      versions: [version, JSON.stringify(devDependencies), digestOf(readFileSync(__filename))],
    }),
    now: () => new Date(),
  });
}
