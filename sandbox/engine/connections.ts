import { createRequire } from "node:module";

const { grpcClientOptions } = createRequire(import.meta.url)("@pulumi/pulumi/runtime/settings.js");

/**
 * Gives each run of an inline program a separate connection. The Automation API never closes that of an earlier
 * run, and gRPC would use it again once an engine gets the same port: the program then ends with "No connection
 * established". https://grpc.github.io/grpc/core/group__grpc__arg__keys.html
 */
export function separateConnections(): void {
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}
