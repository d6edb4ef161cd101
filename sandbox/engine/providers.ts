// A provider of the sandbox as a separate plugin, as the engine starts all plugins: with the
// environment of the CLI, so with its credentials. `node sandbox/engine/providers.ts PACKAGE`.
import { createRequire } from "node:module";
import { awsProvider } from "../aws/provider/aws.ts";
import { targetFrom } from "../aws/provider/aws-target.ts";
import { sumologicProvider } from "../sumo-logic/provider.ts";
import { serveProvider } from "./provider-host.ts";

// It would outlive an engine that was killed.
createRequire(import.meta.url)("../end-with-parent.cjs");

const { env } = process;
const packages: Readonly<Record<string, () => ReturnType<typeof awsProvider>>> = {
  aws: () => awsProvider(targetFrom(env), env.SANDBOX_SDK_LAYER ?? ""),
  "terraform-provider": () => sumologicProvider(env),
};
const [, , name = ""] = process.argv;
const create = packages[name];
if (!create) {
  throw new Error(
    `the sandbox has no provider ${name}; it has ${Object.keys(packages).join(", ")}`,
  );
}
const { port } = await serveProvider(create());
// The engine reads it from the first line.
console.log(port);
