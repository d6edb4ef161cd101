import { expect } from "chai";
import { startGateway } from "../../aws/gateway.ts";
import { call, startFakeEmulator, stopAfterEach } from "../support.ts";

describe("changes of a function's permissions, through the gateway", () => {
  const stoppedLater = stopAfterEach();

  async function start() {
    const emulator = stoppedLater(await startFakeEmulator(() => ({ body: "{}" })));
    const gateway = stoppedLater(await startGateway(emulator.target));
    const change = (method: string, path: string) =>
      call(gateway.port, { service: "lambda", method, path: `/2015-03-31/functions/${path}` });
    return { emulator, change };
  }

  it("are refused while another is not done", async () => {
    const { emulator, change } = await start();

    const answers = await Promise.all([
      change("POST", "reboot/policy"),
      change("DELETE", "reboot/policy/own"),
    ]);

    const [refused] = answers.filter(({ status }) => status === 409);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    expect(refused?.headers["x-amzn-errortype"]).to.equal("ResourceConflictException");
    expect(refused?.body).to.include("concurrent update operation. Function: reboot");
    expect(emulator.seen).to.have.length(1);
  });

  it("pass one after the other, and with those of other functions", async () => {
    const { change } = await start();

    const [first, other] = await Promise.all([
      change("POST", "reboot/policy"),
      change("POST", "other/policy"),
    ]);
    const second = await change("POST", "reboot/policy");

    expect([first.status, other.status, second.status]).to.deep.equal([200, 200, 200]);
  });

  it("do not keep anyone from reading them", async () => {
    const { change } = await start();

    const [changed, read] = await Promise.all([
      change("POST", "reboot/policy"),
      change("GET", "reboot/policy"),
    ]);

    expect([changed.status, read.status]).to.deep.equal([200, 200]);
  });
});
