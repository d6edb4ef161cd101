import { createRequire } from "node:module";
import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { expect } from "chai";
import { separateConnections } from "../../engine/connections.ts";

const require = createRequire(import.meta.url);
const { ResourceMonitorClient, ResourceMonitorService } =
  require("@pulumi/pulumi/proto/resource_grpc_pb.js");
const { SupportsFeatureRequest, SupportsFeatureResponse } =
  require("@pulumi/pulumi/proto/resource_pb.js");
const { grpcClientOptions } = require("@pulumi/pulumi/runtime/settings.js");

describe("the connection of an inline program", () => {
  it("reaches an engine on the port of an earlier engine whose connection was never closed", async () => {
    separateConnections();
    const earlier = await startEngine(0);
    const first = connect(earlier.port);
    expect(await ask(first)).to.equal("has it");
    earlier.stop();
    expect(await ask(first)).to.match(/UNAVAILABLE/);

    const later = await startEngine(earlier.port);
    const second = connect(earlier.port);

    expect(await ask(second)).to.equal("has it");
    for (const it of [first, second]) it.close();
    later.stop();
  });
});

async function startEngine(port: number): Promise<{ port: number; stop(): void }> {
  const server = new Server();
  server.addService(ResourceMonitorService, {
    supportsFeature(_: unknown, respond: (error: null, response: unknown) => void) {
      const response = new SupportsFeatureResponse();
      response.setHassupport(true);
      respond(null, response);
    },
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, it) =>
      error ? reject(error) : resolve(it),
    );
  });
  return { port: bound, stop: () => server.forceShutdown() };
}

/** As Pulumi's SDK does it. */
function connect(port: number) {
  return new ResourceMonitorClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
    grpcClientOptions,
  );
}

function ask(client: InstanceType<typeof ResourceMonitorClient>): Promise<string> {
  return new Promise((resolve) =>
    client.supportsFeature(
      new SupportsFeatureRequest(),
      (error: Error | null, response: { getHassupport(): boolean }) =>
        resolve(error ? error.message : response.getHassupport() ? "has it" : "has it not"),
    ),
  );
}
