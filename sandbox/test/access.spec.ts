import { expect } from "chai";
import { serveLocally } from "../access.ts";
import { startSumoLogic } from "../sumo-logic/server.ts";
import { send, stopAfterEach } from "./support.ts";

describe("serveLocally", () => {
  const stoppedLater = stopAfterEach();

  async function start() {
    const seen: string[] = [];
    const { server, port } = await serveLocally(
      ({ url = "" }, response) => {
        seen.push(url);
        response.end("done");
      },
      { isOwnHost: (host) => host === "abc.on.aws" },
    );
    stoppedLater({ stop: () => server.close() });
    return { port, seen };
  }

  for (const host of ["127.0.0.1:PORT", "localhost:PORT", "[::1]:PORT", "abc.on.aws"]) {
    it(`accepts a request to ${host}`, async () => {
      const { port, seen } = await start();
      const headers = { host: host.replace("PORT", String(port)) };

      expect(await send(port, { headers })).to.include({ status: 200, body: "done" });
      expect(seen).to.deep.equal(["/"]);
    });
  }

  for (const site of ["none", "same-origin"]) {
    it(`accepts a page that a person opens: Sec-Fetch-Site: ${site}`, async () => {
      const { port } = await start();

      expect((await send(port, { headers: { "sec-fetch-site": site } })).status).to.equal(200);
    });
  }

  for (const [reason, call] of [
    ["Origin", { headers: { origin: "https://evil.example" } }],
    // A sandboxed frame has this origin.
    ["Origin", { headers: { origin: "null" } }],
    ["Sec-Fetch-Site is cross-site", { headers: { "sec-fetch-site": "cross-site" } }],
    // Another port of localhost is another origin of the same site.
    ["Sec-Fetch-Site is same-site", { headers: { "sec-fetch-site": "same-site" } }],
    ["OPTIONS", { method: "OPTIONS" }],
    ["Host is evil.example", { headers: { host: "evil.example" } }],
    ["Host is evil.example:PORT", { headers: { host: "evil.example:PORT" } }],
    ["Host is 127.0.0.1,", { headers: { host: "127.0.0.1" } }],
    ["Host is 127.0.0.1:1,", { headers: { host: "127.0.0.1:1" } }],
    ["Host is 127.0.0.1.evil.example:PORT", { headers: { host: "127.0.0.1.evil.example:PORT" } }],
  ] as const) {
    it(`refuses ${JSON.stringify(call)}`, async () => {
      const { port, seen } = await start();
      const withPort = JSON.parse(JSON.stringify(call).replace("PORT", String(port)));

      const { status, body, headers } = await send(port, withPort);

      expect(status).to.equal(403);
      expect(body).to.include(reason.replace("PORT", String(port)));
      expect(Object.keys(headers).join()).not.to.include("access-control");
      expect(seen).to.deep.equal([]);
    });
  }

  it("protects the local Sumo Logic", async () => {
    const sumo = await startSumoLogic({
      clock: { now: Date.now },
      access: { accessId: "id", accessKey: "key" },
      callUrl: async () => ({ status: 200, body: "" }),
    });
    stoppedLater(sumo);
    const { port, pathname: path } = new URL("v1/monitors/root", sumo.apiUrl);
    const headers = { authorization: "Basic aWQ6a2V5" };
    const get = (more: Record<string, string>) =>
      send(Number(port), { method: "GET", path, headers: { ...headers, ...more } });

    expect((await get({})).status).to.equal(200);
    expect((await get({ authorization: "Bearer the-token" })).status).to.equal(401);
    expect((await get({ origin: "https://evil.example" })).status).to.equal(403);
    expect((await get({ "sec-fetch-site": "cross-site" })).status).to.equal(403);
    expect((await get({ host: "evil.example" })).status).to.equal(403);
  });
});
