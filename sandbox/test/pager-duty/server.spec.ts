import { expect } from "chai";
import { type PagerDuty, startPagerDuty } from "../../pager-duty/server.ts";
import { send } from "../support.ts";

describe("startPagerDuty", () => {
  let pagerDuty: PagerDuty;
  beforeEach(async () => {
    pagerDuty = await startPagerDuty();
  });
  afterEach(() => pagerDuty.stop());

  const trigger = {
    routing_key: "0".repeat(32),
    event_action: "trigger",
    dedup_key: "alert-1",
    payload: { summary: "down", source: "i-1", severity: "critical" },
  };

  async function post(event: unknown, path = "/v2/enqueue") {
    const headers = { host: `127.0.0.1:${pagerDuty.port}` };
    const { status, body } = await send(pagerDuty.port, {
      path,
      headers,
      body: JSON.stringify(event),
    });
    return { status, body: JSON.parse(body) };
  }

  it("accepts an event with 202", async () => {
    expect(await post(trigger)).to.deep.equal({
      status: 202,
      body: { status: "success", message: "Event processed", dedup_key: "alert-1" },
    });
    expect(pagerDuty.alerts).to.have.length(1);
    expect(pagerDuty.refused).to.deep.equal([]);
  });

  it("refuses an invalid event with 400 and the reasons", async () => {
    expect(await post({ ...trigger, event_action: "alert" })).to.deep.equal({
      status: 400,
      body: {
        status: "invalid event",
        message: "Event object is invalid",
        errors: ["'event_action' is one of trigger, acknowledge, resolve"],
      },
    });
    expect(pagerDuty.refused).to.deep.equal([
      { status: 400, reason: "'event_action' is one of trigger, acknowledge, resolve" },
    ]);
    expect(pagerDuty.alerts).to.deep.equal([]);
  });

  it("has no other path", async () => {
    expect((await post(trigger, "/enqueue")).status).to.equal(404);
  });

  for (const [condition, status] of [
    ["overloaded", 429],
    ["failing", 500],
  ] as const) {
    it(`responds with ${status} while it is ${condition}`, async () => {
      pagerDuty.condition = condition;

      expect((await post(trigger)).status).to.equal(status);
      expect(pagerDuty.alerts).to.deep.equal([]);
    });
  }
});
