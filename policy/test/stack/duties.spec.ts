import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const duties = loadProgram<typeof import("../../stack/duties.ts")>("policy/stack/duties.ts");
const { keyDuties } = loadProgram<typeof import("../../stack/key-duties.ts")>(
  "policy/stack/key-duties.ts",
);
const { actionsOf } = loadProgram<typeof import("../../iam/actions.ts")>("policy/iam/actions.ts");

const { destinations, eventSources } = duties;
const all = [
  duties.writesLog,
  duties.isTraced,
  duties.isInVpc,
  duties.mountsFiles,
  duties.decryptsVariables,
  duties.readsSecret,
  duties.subscribes,
  ...Object.values(destinations),
  ...Object.values(eventSources),
  ...Object.values(keyDuties),
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

  it("names calls that exist, of keys", async () => {
    for (const action of Object.keys(keyDuties)) {
      expect((await actionsOf(action))[0]?.name).to.equal(action);
    }
  });
});
