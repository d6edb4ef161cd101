import { expect } from "chai";
import { findings, isNotApplicable, unknown } from "./support.ts";

describe("public-function-url", () => {
  const url = (authorizationType: unknown) => ({
    type: "aws:lambda/functionUrl:FunctionUrl",
    props: { authorizationType, functionName: unknown },
  });

  it("allows a URL for signed calls", async () => {
    expect(await findings("public-function-url", url("AWS_IAM"))).to.deep.equal([]);
  });

  it("reports a public one with the two ways out", async () => {
    expect(await findings("public-function-url", url("NONE"))).to.deep.equal([
      "it: authorizationType NONE: anyone can call the function. Set authorizationType AWS_IAM, or waive this finding and say what limits the risk.",
    ]);
  });

  it("reports one that is not known yet", async () => {
    expect(await findings("public-function-url", url(unknown))).to.have.length(1);
  });

  describe("of a web function", () => {
    const endpoint = (authType: unknown) => ({
      type: "aws:lambdaweb/functionEndpoint:FunctionEndpoint",
      props: { functionName: unknown, endpointName: "canary", authType },
    });

    it("allows an endpoint for signed calls", async () => {
      expect(await findings("public-function-url", endpoint("IamAuth"))).to.deep.equal([]);
    });

    it("reports one whose function authenticates its callers, or that is not known yet", async () => {
      const fix = "Set authType IamAuth, or waive this finding and say what limits the risk.";

      expect(await findings("public-function-url", endpoint("ApplicationManaged"))).to.deep.equal([
        `it: authType ApplicationManaged: anyone can call the function. ${fix}`,
      ]);
      expect(await findings("public-function-url", endpoint(unknown))).to.deep.equal([
        `it: authType: it is not known before deployment, so the URL may be public. ${fix}`,
      ]);
    });
  });

  it("does not apply to other resources", async () => {
    expect(await isNotApplicable("public-function-url", { type: "x:y:Z", props: {} })).to.equal(
      true,
    );
  });
});
