import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { eventAttribute } = loadProgram<typeof import("../../handler/incidents/events.ts")>(
  "handler/incidents/events.ts",
);
const { detailKeys } = loadProgram<typeof import("../../infra/targets/event-format.ts")>(
  "infra/targets/event-format.ts",
);

describe("the detail of an event", () => {
  it("has every key that the function writes, but the type", () => {
    const { M = {} } = eventAttribute({
      outcome: "rebooted",
      incidentId: "alert-1",
      instanceId: "i-0123456789abcdef0",
      reason: "slow",
      atMs: 0,
    });

    expect([...detailKeys, "type"]).to.have.members(Object.keys(M));
  });
});
