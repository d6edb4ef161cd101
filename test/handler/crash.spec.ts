import { expect } from "chai";
import { alert, errorOf, makeHandler, metricsOf, queueEvent, webhook } from "./support.ts";

/** A handler that fails where nothing is expected to fail. */
const crashing = () =>
  makeHandler({
    remainingMs: () => {
      throw new Error("the clock\u001b[2J broke");
    },
  });
const record = {
  outcome: "crashed",
  instanceId: "i-0123456789abcdef0",
  reason: "Error: the clock [2J broke",
};

describe("an invocation that crashes", () => {
  it("responds to a webhook with 500, writes one log line, and counts for the alarm", async () => {
    const { post, records, levels, lines } = crashing();

    const { status, body } = await post(webhook());

    expect([status, body]).to.deep.equal([500, ""]);
    expect(levels).to.deep.equal(["error"]);
    expect(records).to.deep.equal([{ ...record, source: "webhook" }]);
    expect(metricsOf(lines)).to.deep.equal(["NotificationFailed"]);
  });

  it("fails a manual invocation, so that its caller and Lambda's alarm know, with one log line", async () => {
    const { handle, records } = crashing();

    const { name, message } = await errorOf(handle({}));

    expect([name, message]).to.deep.equal(["HandlerFailed", "Error: the clock [2J broke"]);
    expect(records).to.deep.equal([{ ...record, source: "other" }]);
  });

  it("gives a message back to its queue", async () => {
    const now = () => {
      throw new Error("no time");
    };
    const { check, records } = makeHandler({ options: { now } });

    expect(await check(queueEvent())).to.deep.equal(["message-1"]);
    expect(records).to.have.length(1);
  });

  it("is none for a refused invocation, which has its log line already", async () => {
    const { handle, records } = makeHandler();

    expect((await errorOf(handle([]))).name).to.equal("RefusedCall");
    expect(records.map(({ outcome }) => outcome)).to.deep.equal(["refused"]);
  });
});

describe("values of any depth and length", () => {
  /** The JSON text of lists inside each other. */
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const bodyWith = (field: string, json: string) =>
    JSON.stringify({ field: 0 }).replace('"field":0', `${JSON.stringify(field)}:${json}`);

  for (const field of ["schema", "triggerType", "instanceId", "alertUrl"]) {
    it(`as ${field} of a webhook are refused with one log line`, async () => {
      const { post, records } = makeHandler();
      const body = JSON.stringify(JSON.parse(String(alert().body)), (key, value) =>
        key === field ? "NESTED" : value,
      ).replace('"NESTED"', nested(5_000));

      const { status, response } = await post(webhook(body));

      expect(status).to.equal(400);
      expect(response).to.deep.equal({ error: `field ${field} must be a string: got a list` });
      expect(records.map(({ outcome }) => outcome)).to.deep.equal(["refused"]);
    });
  }

  it("as the whole body are refused with one log line", async () => {
    for (const body of [nested(30_000), "[".repeat(60_000), "{".repeat(60_000)]) {
      const { post, records } = makeHandler();

      expect((await post(webhook(body))).status).to.equal(400);
      expect(records).to.have.length(1);
    }
  });

  it("as a field that nobody knows are refused with one log line", async () => {
    const { post, records } = makeHandler();

    expect((await post(webhook(bodyWith("x", nested(5_000))))).status).to.equal(400);
    expect(records).to.have.length(1);
  });

  for (const key of ["reason", "dryRun", "force", "other"]) {
    it(`as ${key} of a manual invocation are refused with one log line`, async () => {
      const { handle, records } = makeHandler();

      const { name } = await errorOf(handle(JSON.parse(bodyWith(key, nested(100_000)))));

      expect(name).to.equal("RefusedCall");
      expect(records.map(({ outcome }) => outcome)).to.deep.equal(["refused"]);
    });
  }

  it("as the body of a message are given back with one log line", async () => {
    const { check, records } = makeHandler();

    expect(await check(queueEvent(JSON.parse(nested(100_000))))).to.deep.equal(["message-1"]);
    expect(records).to.have.length(1);
  });

  it("of megabytes are handled in linear time: quadratic time would be hours", async () => {
    for (const unit of ["{", "{{", "[", '"', '",', " ", ",", "a.", ":/", "\u200b"]) {
      const long = unit.repeat(3_000_000);
      const { handle, post, check } = makeHandler();

      await errorOf(handle({ reason: long }));
      await errorOf(handle({ [long]: 1 }));
      await check(queueEvent(long));
      await post(webhook(alert().body, { headers: { authorization: `Bearer ${long}` } }));
    }
  });

  it("of the largest body are handled in linear time", async () => {
    for (const unit of ["{", "{{", "[", '"', '",', " ", ",", "1", "i-", "a."]) {
      for (const field of [
        "instanceId",
        "triggerType",
        "triggerValue",
        "alertUrl",
        "failedCount",
      ]) {
        const text = unit.repeat(Math.floor(30_000 / unit.length));
        for (const triggerType of ["Critical", "ResolvedCritical"]) {
          const { post, records } = makeHandler();

          await post(alert({ triggerType, [field]: text }));

          expect(records).to.have.length(1);
        }
      }
    }
  });
});
