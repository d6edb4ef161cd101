import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageVersion } from "../aws/provider/resource-type.ts";

const main = join(import.meta.dirname, "providers.ts");

/**
 * Installs the sandbox's providers where the CLI with this PULUMI_HOME looks for its plugins, in
 * place of the real ones. They run in separate processes, with the CLI's environment.
 */
export function installPlugins(pulumiHome: string): void {
  const versions = {
    aws: packageVersion("@pulumi/aws"),
    "terraform-provider": packageVersion("@pulumi/sumologic"),
  };
  for (const [name, version] of Object.entries(versions)) {
    const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
    mkdirSync(folder, { recursive: true });
    const script = `#!/bin/sh\nexec "${process.execPath}" "${main}" ${name}\n`;
    writeFileSync(join(folder, `pulumi-resource-${name}`), script, { mode: 0o755 });
  }
}
