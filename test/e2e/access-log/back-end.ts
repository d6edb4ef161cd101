import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, listen } from "../../../sandbox/http.ts";

/** Back ends on loopback ports, one for each kind of failure. */
export interface BackEnds {
  /**
   * Responds as the query string instructs: after `delay` seconds, with `status`, with `bytes` bytes, and
   * with the header X-Accel-Redirect of `accel`.
   */
  readonly working: number;
  /** Accept requests and never respond. */
  readonly hanging: readonly [number, number];
  /** Nothing listens there. */
  readonly refusing: number;
  stop(): Promise<void>;
}

export async function startBackEnds(): Promise<BackEnds> {
  const working = await listen(workingServer(), 0);
  const hanging = [await listen(createServer(), 0), await listen(createServer(), 0)] as const;
  return {
    working: working.port,
    hanging: [hanging[0].port, hanging[1].port],
    refusing: await freePort(),
    async stop() {
      await Promise.all([working, ...hanging].map(({ server }) => close(server)));
    },
  };
}

function workingServer(): Server {
  return createServer(async (request, response) => {
    const query = new URL(request.url ?? "/", "http://localhost").searchParams;
    request.resume();
    await sleep(Number(query.get("delay")) * 1_000);
    const accel = query.get("accel");
    if (accel) response.setHeader("X-Accel-Redirect", accel);
    response.writeHead(Number(query.get("status") ?? 200));
    response.end(Buffer.alloc(Number(query.get("bytes") ?? 2), "x"));
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
