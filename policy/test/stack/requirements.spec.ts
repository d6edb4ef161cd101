import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const requirements = loadProgram<typeof import("../../data/requirements.ts")>(
  "policy/data/requirements.ts",
);
const { keyRequirements } = loadProgram<typeof import("../../data/key-requirements.ts")>(
  "policy/data/key-requirements.ts",
);
const { callRequirements, requiredTypes } = loadProgram<
  typeof import("../../data/call-requirements.ts")
>("policy/data/call-requirements.ts");
const { actionsOf } = loadProgram<typeof import("../../iam/actions.ts")>("policy/iam/actions.ts");

const { destinations, eventSources } = requirements;
const all = [
  requirements.writesLog,
  requirements.isTraced,
  requirements.isInVpc,
  requirements.mountsFiles,
  requirements.decryptsVariables,
  requirements.readsSecret,
  requirements.subscribes,
  ...Object.values(destinations),
  ...Object.values(eventSources),
  ...Object.values(keyRequirements),
  ...Object.values(callRequirements),
];

describe("what a function's configuration implies", () => {
  it("names actions that exist, with a page of AWS", async () => {
    for (const { required, url, ...others } of all) {
      const optional = (others as { optional?: readonly string[] }).optional ?? [];
      for (const action of [...required, ...optional]) {
        const [found, ...more] = await actionsOf(action);
        expect(found?.name, action).to.equal(action);
        expect(more).to.deep.equal([]);
      }
      expect(url).to.match(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });

  it("names calls that exist, and the types of resources that they accept", async () => {
    for (const action of Object.keys(callRequirements)) {
      expect((await actionsOf(action))[0]?.name).to.equal(action);
    }
    for (const [action, { type, url }] of Object.entries(requiredTypes)) {
      const [found] = await actionsOf(action);
      expect(found?.resourceTypes.map(({ name }) => name)).to.include(type);
      expect(url).to.match(/^https:\/\/docs\.aws\.amazon\.com\//);
    }
  });

  it("names calls that exist, of keys", async () => {
    for (const action of Object.keys(keyRequirements)) {
      expect((await actionsOf(action))[0]?.name).to.equal(action);
    }
  });
});
