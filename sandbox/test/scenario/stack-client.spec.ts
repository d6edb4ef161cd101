import { expect } from "chai";
import { stackOutputs } from "../../scenario/stack-client.ts";

const output = (value: unknown) => ({ value, secret: false });

describe("stackOutputs", () => {
  it("has the only instance of a stack as one of one", () => {
    const outputs = stackOutputs({ instanceId: output("i-1"), functionName: output("reboot") });

    expect(outputs).to.deep.equal({
      instanceId: "i-1",
      instanceIds: ["i-1"],
      functionName: "reboot",
    });
  });

  it("has the instances of a group, and the first of them", () => {
    const outputs = stackOutputs({ instanceIds: output(["i-1", "i-2"]) });

    expect(outputs).to.deep.equal({ instanceId: "i-1", instanceIds: ["i-1", "i-2"] });
  });
});
