import { expect } from "chai";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";
import { inWorkers } from "../../sandbox/workers.ts";
import { rows, violationsWith, withExtra, without } from "./least-privilege.ts";

describe("least privilege of this program, in the first preview", () => {
  const whenRemoved = new Map<string, readonly string[]>();
  const whenAdded = new Map<string, readonly string[]>();
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
    await inWorkers(2, rows, async (row) => {
      whenRemoved.set(row.sid, await violationsWith(environment, without(row)));
      whenAdded.set(row.sid, await violationsWith(environment, withExtra(row)));
    });
  });
  after(() => environment.stop());

  for (const { sid, actions, on, extra } of rows) {
    it(`misses exactly the actions of ${sid} when it is removed`, () => {
      const missing = actions.map((it) => `${it}${on}`);
      const last = missing.pop();
      const listed = [missing.join(", "), last].filter(Boolean).join(" and ");

      expect(whenRemoved.get(sid)).to.deep.equal([`reboot-role: ${listed}`]);
    });

    it(`reports ${extra}${on || " on *"} as unused when it is added`, () => {
      expect(whenAdded.get(sid)).to.deep.equal([
        `reboot-role: statement Added: ${extra}${on || " on *"}`,
      ]);
    });
  }
});
