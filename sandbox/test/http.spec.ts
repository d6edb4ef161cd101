import { createServer } from "node:http";
import { expect } from "chai";
import { freePort, listen, send } from "../http.ts";
import { errorOf, startFakeServer, stopAfterEach } from "./support.ts";

const stoppable = async (port: number) => {
  const { server, port: bound } = await listen(createServer(), port);
  return { server, port: bound, stop: () => server.close() };
};

describe("freePort", () => {
  const stoppedLater = stopAfterEach();

  it("returns a port that nothing listens on", async () => {
    const port = await freePort();
    const { port: other } = stoppedLater(await startFakeServer(() => ({})));

    expect(port).to.be.within(1_024, 65_535);
    expect((await errorOf(fetch(`http://127.0.0.1:${port}/`))) && other).not.to.equal(port);
  });
});

describe("listen", () => {
  const stoppedLater = stopAfterEach();

  it("listens on the given port, on loopback alone", async () => {
    const wanted = await freePort();

    const { server, port } = stoppedLater(await stoppable(wanted));

    expect(port).to.equal(wanted);
    expect(server.address()).to.include({ address: "127.0.0.1", port: wanted });
  });

  it("finds a free port if none is given", async () => {
    const { port } = stoppedLater(await stoppable(0));

    expect(port).to.be.within(1_024, 65_535);
  });

  it("fails when the port is in use", async () => {
    const { port } = stoppedLater(await stoppable(0));

    expect(await errorOf(listen(createServer(), port))).to.include("EADDRINUSE");
  });
});

describe("send", () => {
  const stoppedLater = stopAfterEach();

  it("sends one request as it is, with any host, and returns the whole response", async () => {
    const server = stoppedLater(
      await startFakeServer(() => ({
        status: 202,
        headers: { "x-example": "yes" },
        body: "länger",
      })),
    );

    const response = await send(
      { port: server.port },
      { method: "PUT", path: "/a?b=c", headers: { host: "abc.on.aws" } },
      Buffer.from("content"),
    );

    expect(response.status).to.equal(202);
    expect(response.headers).to.include({ "x-example": "yes" });
    expect(response.body).to.deep.equal(Buffer.from("länger"));
    expect(server.requests[0]).to.deep.include({ method: "PUT", path: "/a?b=c", body: "content" });
    expect(server.requests[0]?.headers.host).to.equal("abc.on.aws");
  });

  it("fails when the response breaks off", async () => {
    const server = stoppedLater(await startFakeServer(() => ({ body: "half", breaksOff: true })));

    const error = await errorOf(send({ port: server.port }, { path: "/" }, Buffer.alloc(0)));

    expect(error).to.equal("aborted");
  });

  /** A server that resets connections, and counts the requests that it gets. */
  async function resettingServer(isReset: (ofConnection: number) => boolean) {
    const ofConnections = new Map<object, number>();
    let requests = 0;
    const server = createServer(({ socket }, response) => {
      requests++;
      const ofConnection = (ofConnections.get(socket) ?? 0) + 1;
      ofConnections.set(socket, ofConnection);
      if (isReset(ofConnection)) socket.resetAndDestroy();
      else response.end("done");
    });
    const { port } = await listen(server, 0);
    stoppedLater({ stop: () => server.close() });
    const post = () => send({ port }, { method: "POST", path: "/" }, Buffer.from("x"));
    return { post, requests: () => requests };
  }

  it("sends a request again if the connection of an earlier one was closed", async () => {
    const { post, requests } = await resettingServer((ofConnection) => ofConnection > 1);

    await post();
    const second = await post();

    expect(String(second.body)).to.equal("done");
    expect(requests()).to.equal(3);
  });

  it("fails when a new connection is closed", async () => {
    const { post, requests } = await resettingServer(() => true);

    expect(await errorOf(post())).to.equal("read ECONNRESET");
    expect(requests()).to.equal(1);
  });

  it("fails when nothing listens", async () => {
    const port = await freePort();

    const error = await errorOf(send({ port }, { path: "/" }, Buffer.alloc(0)));

    expect(error).to.include("ECONNREFUSED");
  });
});
