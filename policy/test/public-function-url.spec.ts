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

  it("does not apply to other resources", async () => {
    expect(await isNotApplicable("public-function-url", { type: "x:y:Z", props: {} })).to.equal(
      true,
    );
  });
});
