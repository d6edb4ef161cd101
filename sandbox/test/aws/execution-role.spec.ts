import { expect } from "chai";
import { executionCredentials } from "../../aws/execution-role.ts";
import { functionArn, keyOfFunction, rootKey } from "../support.ts";

const roleArn = "arn:aws:iam::000000000000:role/reboot-role";

describe("executionCredentials", () => {
  // The values that sandbox/aws/emulator.py computes of this secret and these two ARNs; sandbox/test/e2e/access.spec.ts
  // compares both in a running sandbox.
  it("returns the credentials that the emulator gives to the function", () => {
    expect(executionCredentials(rootKey, functionArn, roleArn)).to.deep.equal(keyOfFunction);
  });

  it("returns others for another run", () => {
    const otherRoot = { ...rootKey, secretAccessKey: "the-secret-of-another-run" };
    const other = executionCredentials(otherRoot, functionArn, roleArn);

    for (const field of ["accessKeyId", "secretAccessKey", "sessionToken"] as const) {
      expect(other[field]).not.to.equal(keyOfFunction[field]);
    }
  });
});
