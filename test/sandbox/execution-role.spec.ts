import { expect } from "chai";
import { executionCredentials } from "../../sandbox/execution-role.ts";

describe("executionCredentials", () => {
  // The values that ministack 1.5.33's own `execution_credentials` answered for these two ARNs.
  it("answers the credentials that the emulator gives to the function", () => {
    const credentials = executionCredentials(
      "arn:aws:lambda:us-east-1:000000000000:function:reboot",
      "arn:aws:iam::000000000000:role/reboot-role",
    );

    expect(credentials).to.deep.equal({
      accessKeyId: "ASIA9440574FABD8628A",
      secretAccessKey: "acadd509f020717ea925f1b4514d15cbd924f3bdd5ad3cfe45f505ed2b74a81d",
      sessionToken: "7f27e701ee251a996f164be8367f9a54890f92271a36f2cfbff7394795273013",
    });
  });
});
