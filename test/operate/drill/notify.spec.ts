import { expect } from "chai";
import { notifyTargets } from "../../../operate/drill/notify.ts";
import { errorOf, ports, stack } from "./support.ts";

/** Ports of a stack with a bus, which responds to each call with `response`. */
function withBus(response: object = { FailedEntryCount: 0, Entries: [{ EventId: "1" }] }) {
  const sent: { Entries: Record<string, unknown>[] }[] = [];
  const events = {
    async send({ input }: { input: { Entries: Record<string, unknown>[] } }) {
      sent.push(input);
      return response;
    },
  };
  return { sent, given: ports({ stack: { ...stack, eventBusName: "bus" }, events }) };
}

describe("the test event", () => {
  it("is sent, and resolved 20 seconds later", async () => {
    const { sent, given } = withBus();

    const detail = await notifyTargets(given);

    expect(detail).to.equal(
      "EventBridge accepted both events of drill-1767268800000: check that each target shows them",
    );
    expect(given.slept()).to.equal(20_000);
    const entries = sent.map(({ Entries: [{ Detail, ...entry } = {}] }) => ({
      ...entry,
      Detail: JSON.parse(String(Detail)),
    }));
    expect(entries).to.deep.equal([
      {
        EventBusName: "bus",
        Source: "reboot-automation",
        DetailType: "Notification Test",
        Time: new Date("2026-01-01T12:00:00Z"),
        Detail: {
          id: "drill-1767268800000/test",
          schemaVersion: "1",
          time: "2026-01-01T12:00:00.000Z",
          incidentId: "drill-1767268800000",
          instanceId: "i-0123456789abcdef0",
          outcome: "test",
          severity: "info",
          title: entries[0]?.Detail.title,
          reason: "sent by npm run drill",
          nextStep: entries[0]?.Detail.nextStep,
        },
      },
      {
        EventBusName: "bus",
        Source: "reboot-automation",
        DetailType: "Notification Test Resolved",
        Time: new Date("2026-01-01T12:00:20Z"),
        Detail: {
          id: "drill-1767268800000/test-resolved",
          schemaVersion: "1",
          time: "2026-01-01T12:00:20.000Z",
          incidentId: "drill-1767268800000",
          instanceId: "i-0123456789abcdef0",
          outcome: "test resolved",
          severity: "info",
          title: entries[1]?.Detail.title,
          reason: "sent by npm run drill",
          nextStep: entries[1]?.Detail.nextStep,
        },
      },
    ]);
    for (const { Detail } of entries) {
      expect(Detail.title).to.include("i-0123456789abcdef0");
      expect(Detail.nextStep).to.be.a("string").and.not.equal("");
    }
  });

  it("is not sent without a target, and the drill says so", async () => {
    expect(await notifyTargets(ports())).to.equal(
      "the stack has no target: set slackWorkspaceId, teamsTenantId, pagerDutyRoutingKey or eventBusArn",
    );
  });

  it("reports an event that the bus refused, and sends no other", async () => {
    const { sent, given } = withBus({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" }],
    });

    expect(await errorOf(notifyTargets(given))).to.equal(
      'EventBridge refused "Notification Test": ThrottlingException Rate exceeded',
    );
    expect(sent).to.have.length(1);
  });
});
