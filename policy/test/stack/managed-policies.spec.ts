import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { managedPolicies } = loadProgram<typeof import("../../data/managed-policy-contents.ts")>(
  "policy/data/managed-policy-contents.ts",
);
const { actionsOf } = loadProgram<typeof import("../../iam/actions.ts")>("policy/iam/actions.ts");

describe("managedPolicies", () => {
  for (const [name, statements] of Object.entries(managedPolicies)) {
    it(`has only actions of AWS (${name})`, async () => {
      for (const action of statements.flatMap(({ actions }) => actions)) {
        expect(await actionsOf(action), action).not.to.deep.equal([]);
      }
    });
  }
});
