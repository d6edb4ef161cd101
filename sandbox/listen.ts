import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Lets a server listen on loopback; port 0 is any free one. */
export async function listen<T extends Server>(server: T, port: number) {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}
