import { expect } from "chai";
import fc from "fast-check";
import { alertBody, token, webhook } from "../support.ts";
import { makeGroup } from "./support.ts";

const anything = fc.anything({ withNullPrototype: true });

/** As in test/handler/property.spec.ts: what holds of any event for one instance holds in a group. */
describe("the handler of a group", () => {
  it("survives any event with one log line, and reboots nothing for it", async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (event) => {
        const { handle, reboots, records } = makeGroup();

        await handle(event).catch(({ name }: Error) => {
          expect(name).to.be.oneOf(["RefusedCall", "RebootFailed"]);
        });

        expect(records).to.have.length(1);
        expect(records[0]?.outcome).not.to.equal("crashed");
        expect(reboots).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });

  it("reboots exactly the instance that an alert names, whatever its other fields are", async () => {
    const fields = fc.dictionary(
      fc.constantFrom(...Object.keys(alertBody), "extra"),
      fc.oneof(fc.string({ unit: "binary" }), anything),
    );
    await fc.assert(
      fc.asyncProperty(fields, fc.integer({ min: 0, max: 2 }), async (changes, index) => {
        const group = makeGroup();
        const instanceId = group.instanceIds[index];

        await group.post(webhook({ ...alertBody, ...changes, instanceId }));
        await group.decide();

        expect(group.reboots.length).to.be.at.most(1);
        for (const it of group.reboots) expect(it).to.deep.include({ InstanceIds: [instanceId] });
      }),
      { numRuns: 200 },
    );
  });

  it("never stores or reboots for an alert with any other token", async () => {
    const other = fc.string({ unit: "binary" }).filter((it) => it !== token);
    await fc.assert(
      fc.asyncProperty(other, async (text) => {
        const { post, table, instanceIds, messages } = makeGroup();
        const body = { ...alertBody, instanceId: instanceIds[0] };

        const { status } = await post(
          webhook(body, { headers: { authorization: `Bearer ${text}` } }),
        );

        expect([status, table.items.size, messages]).to.deep.equal([401, 0, []]);
      }),
      { numRuns: 200 },
    );
  });
});
