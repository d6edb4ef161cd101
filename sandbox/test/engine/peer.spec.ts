import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect } from "chai";
import { isOtherUser, userOf } from "../../engine/peer.ts";
import { listen } from "../../http.ts";
import { stopAfterEach } from "../support.ts";

// Made on Linux 6.18: a server at port 8080 = 1F90, and connections to it. One has the address and the port of
// an IPv6 socket; one comes from the port of another, but from 127.0.0.2.
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000 100 0 0 10 0
   1: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000 20 4 30 10 -1
   2: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0000 20 4 30 10 -1
   3: 0100007F:0050 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 4714 1 0000 20 4 30 10 -1
   4: 0200007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 4715 1 0000 20 4 30 10 -1
   5: 0000000000000000FFFF00000100007F:A0B1 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000  1002        0 4716 1 0000 20 4 30 10 -1
`;

describe("userOf", () => {
  const server = { address: "127.0.0.1", port: 0x1f90 };
  for (const [address, port, user] of [
    ["127.0.0.1", 0xd431, 1000],
    ["127.0.0.1", 0x50, 1001],
    ["127.0.0.2", 0xd431, 1001],
    ["127.0.0.1", 0xa0b1, 1002],
    ["127.0.0.1", 0x51, undefined],
    ["127.0.0.3", 0xd431, undefined],
  ] as const) {
    it(`returns ${user} for ${address}, port ${port}`, () => {
      expect(userOf(table, { address, port }, server)).to.equal(user);
    });
  }
});

describe("isOtherUser", () => {
  const stoppedLater = stopAfterEach();
  const { getuid } = process;
  afterEach(() => {
    process.getuid = getuid;
  });

  it("distinguishes this user from another one on Linux", async () => {
    const { server, port } = await listen(createServer(), 0);
    stoppedLater({ stop: () => server.close() });
    const socket = connect(port, "127.0.0.1");
    stoppedLater({ stop: () => socket.destroy() });
    await once(socket, "connect");
    const peer = socket.address() as AddressInfo;
    const own = { address: "127.0.0.1", port };
    const isLinux = process.platform === "linux";

    expect(isOtherUser(peer, own)).to.equal(false);
    expect(isOtherUser({ ...peer, port: 1 }, own)).to.equal(isLinux);
    expect(isOtherUser({ ...peer, address: "127.0.0.2" }, own)).to.equal(isLinux);
    process.getuid = () => 54_321;
    expect(isOtherUser(peer, own)).to.equal(isLinux);
  });
});
