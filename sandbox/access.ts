import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { listen } from "./http.ts";

/**
 * Starts a server of the sandbox on a loopback port, 0 for any free one. It serves programs of this
 * machine: what a web page in a browser can send gets 403 and does not reach `onRequest`. Besides the
 * loopback names, `isOwnHost` says which values of `Host` the server has.
 */
export async function serveLocally(
  onRequest: RequestListener,
  {
    port: wantedPort = 0,
    isOwnHost = () => false,
  }: { port?: number; isOwnHost?: (host: string) => boolean } = {},
): Promise<{ server: Server; port: number }> {
  const { server, port } = await listen(createServer(), wantedPort);
  const loopback = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
  server.on("request", (request, response) => {
    const reason = refusalOf(request, (host) => loopback.includes(host) || isOwnHost(host));
    if (reason === undefined) return onRequest(request, response);
    request.resume();
    response.writeHead(403, { "content-type": "text/plain" });
    response.end(`The sandbox refuses this request: ${reason}.\n`);
  });
  return { server, port };
}

/**
 * Why a request may come from a web page; nothing if it cannot. A browser names the page in `Origin`
 * and `Sec-Fetch-Site`, and asks with OPTIONS first. A page whose name resolves to 127.0.0.1 (DNS
 * rebinding) has neither, but its name is in `Host`.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function refusalOf(
  { method, headers }: Pick<IncomingMessage, "method" | "headers">,
  isOwnHost: (host: string) => boolean,
): string | undefined {
  const { origin, host = "", "sec-fetch-site": site = "none" } = headers;
  if (method === "OPTIONS") return "its method is OPTIONS, which browsers use for CORS";
  if (origin !== undefined) return "it has the header Origin, so a web page sent it";
  if (site !== "none" && site !== "same-origin") {
    return `its header Sec-Fetch-Site is ${site}, so a web page of another origin sent it`;
  }
  if (!isOwnHost(host)) return `its header Host is ${host}, which is not a name of this server`;
  return undefined;
}
