import { createRequire } from "node:module";
import type { Settings } from "./rule.ts";

/** The messages of the engine, as far as they are used here. */
interface ConfigureRequest {
  getPolicyconfigMap(): {
    entries(): Iterable<[string, { getProperties(): { toJavaScript(): Settings } | undefined }]>;
  };
}

interface Method {
  requestDeserialize(bytes: Uint8Array): ConfigureRequest;
}

/**
 * Calls back with the pack's configuration, by rule, when the engine sends it. The engine starts the
 * program only after that call has returned (`loadPolicyPlugins` in newUpdateSource, engine/update.go),
 * for a preview and again for a deployment. An error of `use` ends the run.
 *
 * `@pulumi/policy` itself shows the configuration to a rule only with the first resource, when the
 * program already runs. So this reads the message on its way to the policy server, and must be called
 * before that starts.
 */
export function onConfiguration(use: (settings: Readonly<Record<string, Settings>>) => void): void {
  // The very module that @pulumi/policy serves.
  const requireOfServer = createRequire(require.resolve("@pulumi/policy"));
  const { AnalyzerService } = requireOfServer("@pulumi/pulumi/proto/analyzer_grpc_pb");
  const method: Method = AnalyzerService.configure;
  const { requestDeserialize } = method;
  method.requestDeserialize = (bytes) => {
    const request = requestDeserialize(bytes);
    const entries = [...request.getPolicyconfigMap().entries()];
    use(
      Object.fromEntries(
        entries.map(([rule, config]) => [rule, config.getProperties()?.toJavaScript() ?? {}]),
      ),
    );
    return request;
  };
}
