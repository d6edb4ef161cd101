import { expect } from "chai";
import type { Clients } from "../../handler/aws-clients.ts";
import type { EvidenceClients } from "../../handler/evidence-clients.ts";
import {
  awsError,
  cancelled,
  failing,
  incidentId,
  makeHandler,
  number,
  webhook,
} from "./support.ts";

/** A handler that captures evidence, and the order of its calls. */
function makeCapturing(
  evidence: Partial<EvidenceClients> = {},
  behavior: Partial<Clients> & { remainingMs?: () => number } = {},
) {
  const order: string[] = [];
  const limits: number[] = [];
  const noted =
    <T>(name: string, result: T) =>
    async (_: unknown, limitMs: number) => {
      order.push(name);
      limits.push(limitMs);
      return result;
    };
  const handler = makeHandler({
    sendMessage: noted("queue the check", {}),
    rebootInstances: noted("reboot", {}),
    ...behavior,
    options: {
      evidence: {
        bucketName: "evidence",
        clients: {
          load: async () => void order.push("load"),
          getConsoleOutput: noted("console", { $metadata: {}, Output: "c2VjcmV0" }),
          getConsoleScreenshot: noted("screenshot", { $metadata: {}, ImageData: "cGljdHVyZQ==" }),
          putObject: noted("store", {}),
          ...evidence,
        },
      },
      wait: () => new Promise(() => {}),
    },
  });
  return { ...handler, order, limits };
}

const refused = failing(awsError("AccessDenied", 403));

describe("evidence of a reboot", () => {
  it("is captured after the check is queued and before the reboot", async () => {
    const { post, order } = makeCapturing();

    await post(webhook());

    expect(order).to.deep.equal([
      "load",
      "queue the check",
      "console",
      "screenshot",
      "store",
      "store",
      "reboot",
    ]);
  });

  it("is a link in the e-mail, a word in the item and the log, and never its content", async () => {
    const { post, mails, updates, records } = makeCapturing();

    const { body } = await post(webhook());

    expect(mails[0]?.Message.split("\n")).to.include(
      `Evidence: console output and screenshot, https://console.aws.amazon.com/s3/buckets/evidence?prefix=incident%2F${incidentId}%2F`,
    );
    expect(updates[0]?.ExpressionAttributeValues).to.deep.include({
      ":evidence": { S: "console output, screenshot" },
    });
    expect(records[0]?.evidence).to.deep.equal({
      captured: ["console output", "screenshot"],
      failures: [],
    });
    expect(JSON.stringify([body, mails, updates, records])).not.to.match(/secret|c2VjcmV0/);
  });

  it("that is refused does not prevent the reboot; the log says why", async () => {
    const { post, reboots, mails, records, updates } = makeCapturing({
      getConsoleOutput: refused,
      getConsoleScreenshot: refused,
    });

    const { response } = await post(webhook());

    expect(response.outcome).to.equal("rebooted");
    expect(reboots).to.have.length(1);
    expect(mails[0]?.Message).to.include(
      "Evidence: none could be captured before the reboot; see the log",
    );
    expect(updates[0]?.ExpressionAttributeValues).not.to.have.property(":evidence");
    expect(records[0]?.evidence).to.deep.equal({
      captured: [],
      failures: [
        "console output: AccessDenied: AccessDenied happened",
        "screenshot: AccessDenied: AccessDenied happened",
      ],
    });
  });

  it("of which the AWS SDK cannot be loaded does not prevent the reboot", async () => {
    const { post, reboots } = makeCapturing({ load: failing(new Error("no SDK")) });

    const { response } = await post(webhook());

    expect([response.outcome, reboots.length]).to.deep.equal(["rebooted", 1]);
  });

  it("gets only the time that the reboot and its report leave", async () => {
    const { post, limits, reboots } = makeCapturing(
      {},
      { remainingMs: () => 19_000, sendMessage: async () => ({}) },
    );
    await post(webhook());

    expect(limits.slice(0, 2)).to.deep.equal([3000, 3000]);
    expect(reboots).to.have.length(1);
  });

  it("is left out if the time before it was used up, and the instance is rebooted", async () => {
    const left = [19_000, 11_999, 11_999];
    const { post, order, reboots } = makeCapturing(
      {},
      { remainingMs: () => left.shift() ?? 11_000 },
    );

    await post(webhook());

    expect(order).to.deep.equal(["load", "queue the check", "reboot"]);
    expect(reboots).to.have.length(1);
  });

  for (const [what, behavior] of [
    ["an alert that is suppressed", { transactWrite: failing(cancelled({ t0: number(1) })) }],
    ["an instance whose status is unknown", { describeInstanceStatus: refused }],
    ["a check that cannot be queued", { sendMessage: refused }],
  ] as const) {
    it(`is not captured for ${what}`, async () => {
      const { post, order, reboots } = makeCapturing({}, behavior as Partial<Clients>);

      await post(webhook());

      expect(order).not.to.include("console").and.not.to.include("screenshot");
      expect(reboots).to.deep.equal([]);
    });
  }
});
