import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { type Event, rebootForReal } from "../../../operate/drill/reboot.ts";
import { awsClient, errorOf, group, instanceId, ports } from "./support.ts";

/** The function's log as CloudWatch has it, growing by one line each time that it is read. */
function growingLog(...records: object[]) {
  let read = 0;
  const responses = {
    FilterLogEventsCommand: () => ({
      events: records.slice(0, read++).map((message) => ({ message: JSON.stringify({ message }) })),
    }),
  };
  return awsClient(responses, CloudWatchLogsClient);
}

const rebooted = {
  outcome: "rebooted",
  instanceId,
  incidentId: "alert-1",
  notification: "sent",
  request: { triggerType: "Critical" },
};
const resolved = { outcome: "skipped", instanceId, request: { triggerType: "ResolvedCritical" } };
const ok = { InstanceStatus: { Status: "ok" }, SystemStatus: { Status: "ok" } };

function given(change: object = {}) {
  const bodies: string[] = [];
  return {
    bodies,
    ports: ports({
      post: async (_url: string, { body }: { body: string }) => {
        bodies.push(body);
        return { status: 200, body: "" };
      },
      logs: growingLog({ outcome: "test" }, rebooted, resolved),
      ec2: awsClient({ DescribeInstanceStatusCommand: () => ({ InstanceStatuses: [ok] }) }),
      ...change,
    }),
  };
}

describe("rebootForReal", () => {
  it("waits for the decision of its alert in a group, not of another instance's", async () => {
    const [other, id] = ["i-0000000a", "i-0000000b"];
    const waiting = { ...rebooted, instanceId: id, outcome: "waiting" };
    const logs = growingLog(
      { ...rebooted, instanceId: other, incidentId: "alert-2" },
      waiting,
      { outcome: "waiting", incidentId: "alert-1", instanceId: id, source: "queue" },
      { outcome: "check failed", incidentId: "alert-1", instanceId: id, source: "queue" },
      { outcome: "rebooted", incidentId: "alert-1", instanceId: id, notification: "sent" },
      { ...resolved, instanceId: other },
      { ...resolved, instanceId: id },
    );
    const events: Event[] = [];

    const it = given({ logs, stack: group });
    await rebootForReal(it.ports, id, (event) => events.push(event));

    expect(JSON.parse(it.bodies[0]?.split("\n")[0] ?? "")).to.include({ instance_id: id });
    expect(events).to.deep.equal([
      { seconds: 0, what: "Sumo Logic accepted 6 responses of 4 s" },
      { seconds: 20, what: "the function received the alert, which waits at most 32 minutes" },
      { seconds: 40, what: "the function rebooted i-0000000b, e-mail sent" },
      { seconds: 40, what: "both status checks of the instance are ok" },
      { seconds: 50, what: "Sumo Logic resolved the alert" },
    ]);
  });

  it("waits as long as an alert of the group can wait", async () => {
    const [id] = group.instanceIds;
    const waiting = { ...rebooted, instanceId: id, outcome: "waiting" };
    const again = { outcome: "waiting", incidentId: "alert-1", instanceId: id, source: "queue" };
    const end = { ...again, outcome: "waited too long" };
    const linesOf = (minutes: number) => Array(minutes * 6).fill(again);
    const run = async (...lines: object[]) => {
      const it = given({ stack: group, logs: growingLog(waiting, ...lines) });
      return errorOf(rebootForReal(it.ports, id, () => {}));
    };

    expect(await run(...linesOf(32), end)).to.equal(
      `the function responded ${JSON.stringify(end)}`,
    );
    expect(await run(...linesOf(60))).to.equal(
      "the decision about the alert did not happen within 34 minutes",
    );
  });

  it("sends one slow response more than the rule allows, dated now", async () => {
    const it = given();

    await rebootForReal(it.ports, instanceId, () => {});

    const lines = it.bodies.flatMap((body) => body.trim().split("\n"));
    expect(lines).to.have.length(6);
    expect(JSON.parse(lines[0] ?? "")).to.include({
      time: "2026-01-01T12:00:00.000Z",
      path: "/api/data",
      response_time_s: 4,
      instance_id: instanceId,
    });
  });

  it("reports each event with the seconds since then", async () => {
    const events: Event[] = [];

    await rebootForReal(given().ports, instanceId, (event) => events.push(event));

    expect(events).to.deep.equal([
      { seconds: 0, what: "Sumo Logic accepted 6 responses of 4 s" },
      { seconds: 20, what: `the function rebooted ${instanceId}, e-mail sent` },
      { seconds: 20, what: "both status checks of the instance are ok" },
      { seconds: 20, what: "Sumo Logic resolved the alert" },
    ]);
  });

  for (const [what, change, error] of [
    [
      "no alert comes",
      { logs: growingLog() },
      "a reboot in the function's log did not happen within 15 minutes",
    ],
    [
      "the function did not reboot",
      { logs: growingLog({ ...rebooted, outcome: "failed" }) },
      'the function responded {"outcome":"failed"',
    ],
    [
      "the instance does not come back",
      { ec2: awsClient({ DescribeInstanceStatusCommand: () => ({ InstanceStatuses: [] }) }) },
      "both status checks of the instance did not happen within 15 minutes",
    ],
    [
      "the alert does not end",
      { logs: growingLog(rebooted) },
      "the end of the alert did not happen within 25 minutes",
    ],
  ] as const) {
    it(`says so when ${what}`, async () => {
      expect(await errorOf(rebootForReal(given(change).ports, instanceId, () => {}))).to.include(
        error,
      );
    });
  }
});
