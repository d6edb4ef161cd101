import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect } from "chai";
import { listen } from "../../sandbox/http.ts";
import { isOtherUser, userOf } from "../../sandbox/peer.ts";
import { stopAfterEach } from "./support.ts";

// Made on Linux 6.18: a server at port 8080 = 1F90, and two connections to it.
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000 100 0 0 10 0
   1: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000 20 4 30 10 -1
   2: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0000 20 4 30 10 -1
   3: 0100007F:0050 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 4714 1 0000 20 4 30 10 -1
`;

describe("userOf", () => {
  for (const [peerPort, user] of [
    [0xd431, 1000],
    [0x50, 1001],
    [0x51, undefined],
  ] as const) {
    it(`answers ${user} for port ${peerPort}`, () => {
      expect(userOf(table, peerPort, 0x1f90)).to.equal(user);
    });
  }
});

describe("isOtherUser", () => {
  const stoppedLater = stopAfterEach();
  const { getuid } = process;
  afterEach(() => {
    process.getuid = getuid;
  });

  it("tells this user from another one, where the system is Linux", async () => {
    const { server, port } = await listen(createServer(), 0);
    stoppedLater({ stop: () => server.close() });
    const socket = connect(port, "127.0.0.1");
    stoppedLater({ stop: () => socket.destroy() });
    await once(socket, "connect");
    const { port: peerPort } = socket.address() as AddressInfo;
    const isLinux = process.platform === "linux";

    expect(isOtherUser(peerPort, port)).to.equal(false);
    expect(isOtherUser(1, port)).to.equal(isLinux);
    process.getuid = () => 54_321;
    expect(isOtherUser(peerPort, port)).to.equal(isLinux);
  });
});
