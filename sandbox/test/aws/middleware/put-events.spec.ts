import { expect } from "chai";
import { DeliveryError } from "../../../aws/events/attempt.ts";
import type { ApiCall } from "../../../aws/middleware/middleware.ts";
import { putEvents } from "../../../aws/middleware/put-events.ts";

describe("putEvents", () => {
  const entry = { Source: "test", DetailType: "Test", Detail: "{}" };
  let puts: [busArn: string, entry: object][];
  const put = async (busArn: string, it: object) => {
    puts.push([busArn, it]);
    return busArn.endsWith("missing")
      ? new DeliveryError("ResourceNotFoundException", "no bus", { isRetriable: false })
      : "event-1";
  };
  beforeEach(() => {
    puts = [];
  });

  async function call(input: object, { action = "events:PutEvents", functionName = "" } = {}) {
    const request = {
      service: "events",
      target: "AWSEvents.PutEvents",
      body: JSON.stringify(input),
    };
    const caller = functionName ? { role: "reboot-role", functionName } : {};
    const response = await putEvents(() => put)(
      { request, caller, action } as unknown as ApiCall,
      async () => ({ status: 299, headers: {}, body: Buffer.from("{}") }),
    );
    return { status: response.status, body: JSON.parse(response.body.toString()) };
  }

  it("puts each entry on its bus, and responds with the events' ids", async () => {
    const Entries = [
      { ...entry, EventBusName: "events", Time: 1_769_860_800 },
      { ...entry, EventBusName: "arn:aws:events:eu-west-1:111122223333:event-bus/missing" },
      entry,
    ];

    expect(await call({ Entries })).to.deep.equal({
      status: 200,
      body: {
        FailedEntryCount: 1,
        Entries: [
          { EventId: "event-1" },
          { ErrorCode: "ResourceNotFoundException", ErrorMessage: "no bus" },
          { EventId: "event-1" },
        ],
      },
    });
    expect(puts).to.deep.equal([
      [
        "arn:aws:events:us-east-1:000000000000:event-bus/events",
        { ...entry, Time: "2026-01-31T12:00:00.000Z" },
      ],
      ["arn:aws:events:eu-west-1:111122223333:event-bus/missing", entry],
      ["arn:aws:events:us-east-1:000000000000:event-bus/default", entry],
    ]);
  });

  for (const count of [0, 11]) {
    it(`refuses ${count} entries`, async () => {
      const { status, body } = await call({ Entries: Array(count).fill(entry) });

      expect(status).to.equal(400);
      expect(body.__type).to.equal("ValidationException");
      expect(puts).to.deep.equal([]);
    });
  }

  it("refuses the role of a function", async () => {
    const { status, body } = await call({ Entries: [entry] }, { functionName: "reboot" });

    expect(status).to.equal(400);
    expect(body.__type).to.equal("AccessDeniedException");
    expect(puts).to.deep.equal([]);
  });

  it("forwards every other call", async () => {
    expect((await call({}, { action: "events:PutRule" })).status).to.equal(299);
  });
});
