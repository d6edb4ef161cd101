import { expect } from "chai";
import { call, gatewayForEach } from "../../support.ts";

describe("changes of a function's permissions, through the gateway", () => {
  const startGateway = gatewayForEach();

  async function start() {
    const { emulator, gateway } = await startGateway(() => ({ body: "{}" }));
    const change = (method: string, path: string) =>
      call(gateway.port, { service: "lambda", method, path: `/2015-03-31/functions/${path}` });
    return { emulator, change };
  }

  it("are refused while another is running", async () => {
    const { emulator, change } = await start();

    const responses = await Promise.all([
      change("POST", "reboot/policy"),
      change("DELETE", "reboot/policy/own"),
    ]);

    const [refused] = responses.filter(({ status }) => status === 409);
    expect(responses.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    expect(refused?.headers["x-amzn-errortype"]).to.equal("ResourceConflictException");
    expect(refused?.body).to.include("concurrent update operation. Function: reboot");
    expect(emulator.requests).to.have.length(1);
  });

  it("are forwarded one after another, and together with those of other functions", async () => {
    const { change } = await start();

    const [first, other] = await Promise.all([
      change("POST", "reboot/policy"),
      change("POST", "other/policy"),
    ]);
    const second = await change("POST", "reboot/policy");

    expect([first.status, other.status, second.status]).to.deep.equal([200, 200, 200]);
  });

  it("do not block reading them", async () => {
    const { change } = await start();

    const [changed, read] = await Promise.all([
      change("POST", "reboot/policy"),
      change("GET", "reboot/policy"),
    ]);

    expect([changed.status, read.status]).to.deep.equal([200, 200]);
  });
});
