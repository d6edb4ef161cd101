import {
  createServer,
  type IncomingHttpHeaders,
  type RequestOptions,
  request,
  type Server,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** Lets a server listen on loopback; port 0 is any free one. */
export async function listen<T extends Server>(server: T, port: number) {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A port of loopback that is free now. */
export async function freePort(): Promise<number> {
  const { server, port } = await listen(createServer(), 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Sends one request to a loopback port or a Unix domain socket; unlike `fetch` it sends any `Host`
 * header as it is given. If the server has closed a connection that was kept open from an earlier request, it
 * sends the request on a new one, as https://nodejs.org/api/http.html#requestreusedsocket recommends.
 */
export function send(
  address: { readonly port: number } | { readonly socketPath: string },
  options: RequestOptions,
  body: Buffer,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", ...address, ...options }, (response) => {
      const { statusCode: status = 502, headers } = response;
      buffer(response).then((content) => resolve({ status, headers, body: content }), reject);
    });
    call.on("error", (error: NodeJS.ErrnoException) => {
      const isStale = call.reusedSocket && error.code === "ECONNRESET";
      if (isStale) send(address, options, body).then(resolve, reject);
      else reject(error);
    });
    call.end(body);
  });
}
