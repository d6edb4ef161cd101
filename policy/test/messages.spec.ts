import { expect } from "chai";
import type { Rule } from "../rule.ts";
import { role } from "./function-stack.ts";
import { startPack } from "./support.ts";

/** A rule that only records what it gets. */
function recorder(name: string, record: (got: unknown) => void): Rule {
  return {
    name,
    description: "Records.",
    severity: "low",
    remediationSteps: "None.",
    url: "https://www.pulumi.com/docs/",
    check(resource) {
      record(resource.props);
      return [];
    },
    checkStack(resources) {
      record(resources);
      return [];
    },
  };
}

describe("the rules of a pack", () => {
  const got: unknown[] = [];
  const record = (it: unknown) => got.push(it);
  const rules = [recorder("one", record), recorder("other", record)];
  beforeEach(() => got.splice(0));

  it("get the same object for the properties of a resource", async () => {
    await startPack({ rules }).analyze(role);
    expect(got).to.have.length(2);
    expect(got[0]).to.equal(got[1]);
  });

  it("get the same resources of a stack", async () => {
    await startPack({ rules }).analyzeStack([role]);
    expect(got).to.have.length(2);
    expect(got[0]).to.equal(got[1]);
  });

  it("get others for the next message", async () => {
    const pack = startPack({ rules });
    await pack.analyzeStack([role]);
    await pack.analyzeStack([role]);
    expect(got[1]).not.to.equal(got[2]);
  });
});
