import { expect } from "chai";
import { refuseAll } from "../../../aws/authorizer.ts";
import { webIdentitySessions } from "../../../aws/middleware/sessions.ts";
import { apiCall, responseOf } from "../../support.ts";

/** Who responds to a call of STS. */
async function respondent(body: string): Promise<string> {
  const middleware = webIdentitySessions({
    ...refuseAll,
    assumeRoleWithWebIdentity: async () => responseOf("the authorizer"),
  });
  const response = await middleware(apiCall({ service: "sts", body }), async () =>
    responseOf("the emulator"),
  );
  return response.body.toString();
}

describe("webIdentitySessions", () => {
  it("has the authorizer respond to AssumeRoleWithWebIdentity", async () => {
    const body = "Action=AssumeRoleWithWebIdentity&RoleArn=x&WebIdentityToken=y";

    expect(await respondent(body)).to.equal("the authorizer");
  });

  for (const body of ["Action=AssumeRole&RoleArn=x", "Action=GetCallerIdentity", ""]) {
    it(`forwards "${body}"`, async () => {
      expect(await respondent(body)).to.equal("the emulator");
    });
  }
});
