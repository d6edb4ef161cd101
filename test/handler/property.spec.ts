import { expect } from "chai";
import fc from "fast-check";
import {
  alertBody,
  incidentId,
  instanceId,
  makeHandler,
  queueEvent,
  queueRecord,
  token,
  webhook,
} from "./support.ts";

/** Whether an event must reboot, said in another way than the handler does. */
function mayReboot(event: unknown): boolean {
  if (event === undefined) return true;
  const text = JSON.stringify(event) ?? "";
  const isAlert =
    text.includes(`Bearer ${token}`) && text.includes("Critical") && text.includes(instanceId);
  const keys = typeof event === "object" && event !== null ? Object.keys(event) : ["no object"];
  const isManual = keys.every((key) => ["reason", "dryRun", "force"].includes(key));
  return isAlert || isManual;
}

/** What holds of any event: one log line, and a defined response. */
async function survives(event: unknown): Promise<unknown[]> {
  const { handle, reboots, records } = makeHandler();
  try {
    await handle(event);
  } catch (error) {
    expect((error as Error).name).to.be.oneOf(["RefusedCall", "RebootFailed"]);
  }
  expect(records).to.have.length(1);
  expect(records[0]?.outcome).not.to.equal("crashed");
  return reboots;
}

async function holds(event: unknown): Promise<void> {
  const reboots = await survives(event);
  if (!mayReboot(event)) expect(reboots).to.deep.equal([]);
  expect(reboots.length).to.be.at.most(1);
  for (const it of reboots) expect(it).to.deep.include({ InstanceIds: [instanceId] });
}

const anyText = fc.string({ unit: "binary" });
const anything = fc.anything({ withNullPrototype: true });
/** Lists and objects inside each other, thousands of them. */
const deep = fc
  .tuple(fc.integer({ min: 1_000, max: 20_000 }), fc.constantFrom("list", "object"), anyText)
  .map(([depth, kind, leaf]) => {
    let value: unknown = leaf;
    for (let level = 0; level < depth; level++) value = kind === "list" ? [value] : { a: value };
    return value;
  });
const long = fc
  .tuple(anyText, fc.integer({ min: 1, max: 20_000 }))
  .map(([text, count]) => (text || "{").repeat(count).slice(0, 100_000));

describe("the handler", () => {
  it("survives any event, and reboots only for a right alert or call manually", async () => {
    await fc.assert(fc.asyncProperty(anything, holds), { numRuns: 500 });
  });

  it("survives any change of a right alert's fields", async () => {
    const fields = fc.dictionary(
      fc.constantFrom(...Object.keys(alertBody), "__proto__", "extra"),
      fc.oneof(anyText, anything, fc.constant(undefined), fc.constant("Critical")),
    );
    const event = fields.map((changes) => webhook({ ...alertBody, ...changes }));

    await fc.assert(fc.asyncProperty(event, holds), { numRuns: 300 });
  });

  it("survives any change of a right event's envelope", async () => {
    const parts = fc.dictionary(
      fc.constantFrom("headers", "requestContext", "body", "isBase64Encoded"),
      fc.oneof(
        anything,
        anyText,
        fc.record({ http: anything }),
        fc.record({ authorization: anything }),
      ),
    );
    const event = parts.map((changes) => webhook(alertBody, changes));

    await fc.assert(fc.asyncProperty(event, holds), { numRuns: 300 });
  });

  it("survives any message of its queue, and never reboots for one", async () => {
    const parts = fc.dictionary(
      fc.constantFrom("messageId", "body", "eventSource", "eventSourceARN", "__proto__", "extra"),
      fc.oneof(anything, anyText, fc.constant(undefined)),
    );
    const records = fc.array(
      fc.oneof(
        parts.map((changes) => queueRecord(incidentId, changes)),
        anything,
      ),
    );

    await fc.assert(
      fc.asyncProperty(records, (Records) => holds({ Records })),
      { numRuns: 300 },
    );
  });

  it("survives values of any depth and length, anywhere in an event", async () => {
    const value = fc.oneof(deep, long);
    const event = fc.oneof(
      value,
      fc.record({ reason: value }),
      fc.record({ other: value }),
      value.map((it) => queueEvent(it)),
      value.map((it) => ({ Records: it })),
      value.map((it) => webhook(alertBody, { headers: { authorization: it } })),
      value.map((it) => webhook(alertBody, { requestContext: { http: { method: it } } })),
    );

    await fc.assert(
      fc.asyncProperty(event, async (it) => {
        expect((await survives(it)).length).to.be.at.most(1);
      }),
      { numRuns: 200 },
    );
  });

  it("never reboots for an alert with any other token", async () => {
    const other = anyText.filter((it) => it !== token);

    await fc.assert(
      fc.asyncProperty(other, async (text) => {
        const { post, reboots } = makeHandler();

        const { status } = await post(
          webhook(alertBody, { headers: { authorization: `Bearer ${text}` } }),
        );

        expect([status, reboots]).to.deep.equal([401, []]);
      }),
      { numRuns: 300 },
    );
  });

  it("never reboots for any other trigger type", async () => {
    const other = anyText.filter((it) => it !== "Critical");

    await fc.assert(
      fc.asyncProperty(other, async (triggerType) => {
        const { post, reboots } = makeHandler();

        const { status } = await post(webhook({ ...alertBody, triggerType }));

        expect([status, reboots]).to.deep.equal([200, []]);
      }),
      { numRuns: 300 },
    );
  });
});
