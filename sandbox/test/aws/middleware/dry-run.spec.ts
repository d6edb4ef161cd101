import { expect } from "chai";
import { call, gatewayForEach } from "../../support.ts";

const reboot = "Action=RebootInstances&Version=2016-11-15&InstanceId.1=i-1";

describe("dryRun", () => {
  const start = gatewayForEach();

  it("responds to a permitted dry run of RebootInstances as AWS does", async () => {
    const { emulator, gateway } = await start();

    const { status, body } = await call(gateway.port, {
      service: "ec2",
      body: `${reboot}&DryRun=true`,
    });

    expect(status).to.equal(412);
    expect(body).to.include("<Code>DryRunOperation</Code>");
    expect(emulator.requests).to.have.length(1);
    expect(gateway.calls[0]).to.include({ isDryRun: true, status: 412, error: "DryRunOperation" });
  });

  it("forwards DryRun=false as a real reboot", async () => {
    const { gateway } = await start();

    const { status } = await call(gateway.port, {
      service: "ec2",
      body: `${reboot}&DryRun=false`,
    });

    expect(status).to.equal(200);
    expect(gateway.calls[0]).to.include({ isDryRun: false, status: 200 });
  });
});
