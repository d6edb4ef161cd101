// `node scripts/pulumi-cli.mjs`: prints the folder of the official Pulumi CLI of package.json's version, for GITHUB_PATH.
// Installs it if it is missing. Unlike the set-up it never builds one: a build has no official language host.
import { dirname } from "node:path";
import { ensureOfficialPulumi } from "./pulumi.mjs";

try {
  console.log(dirname(await ensureOfficialPulumi((line) => console.error(line))));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
