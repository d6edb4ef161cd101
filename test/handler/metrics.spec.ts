import { expect } from "chai";
import {
  alert,
  alertBody,
  awsError,
  errorOf,
  failing,
  makeHandler,
  metricsOf,
  queueEvent,
  webhook,
} from "./support.ts";

describe("countMetric", () => {
  it("writes one line of the embedded metric format", async () => {
    const { post, lines } = makeHandler();

    await post(webhook(alertBody, { headers: {} }));

    expect(lines).to.deep.equal([
      '{"_aws":{"Timestamp":1795000780000,"CloudWatchMetrics":[{"Namespace":"RebootAutomation","Dimensions":[["FunctionName"]],"Metrics":[{"Name":"Unauthorized","Unit":"Count"}]}]},"FunctionName":"reboot","Unauthorized":1}',
    ]);
  });
});

describe("the metric Unauthorized", () => {
  for (const [what, event, status] of [
    ["no token", webhook(alertBody, { headers: {} }), 401],
    ["a wrong token", webhook(alertBody, { headers: { authorization: "Bearer x" } }), 401],
  ] as const) {
    it(`counts a webhook with ${what}`, async () => {
      const { post, lines } = makeHandler();

      expect((await post(event)).status).to.equal(status);
      expect(metricsOf(lines)).to.deep.equal(["Unauthorized"]);
    });
  }

  for (const [what, event, status] of [
    ["a wrong method", webhook(alertBody, { requestContext: { http: { method: "GET" } } }), 405],
    ["too large a body", webhook("x".repeat(70_000), { headers: {} }), 413],
    ["a wrong body", webhook("rubbish"), 400],
    ["another instance", alert({ instanceId: "i-0fedcba9876543210" }), 400],
    ["a right alert", webhook(), 200],
  ] as const) {
    it(`does not count a webhook with ${what}`, async () => {
      const { post, lines } = makeHandler();

      expect((await post(event)).status).to.equal(status);
      expect(lines).to.deep.equal([]);
    });
  }

  it("does not count a refused call by hand", async () => {
    const { byHand, lines } = makeHandler();

    await errorOf(byHand({ dryrun: true }));

    expect(lines).to.deep.equal([]);
  });

  it("does not count a refused message of the queue", async () => {
    const { check, lines } = makeHandler();

    await check(queueEvent("rubbish"));

    expect(lines).to.deep.equal([]);
  });
});

describe("the metric NotTold", () => {
  it("counts an e-mail that SNS does not take", async () => {
    const { post, lines } = makeHandler({ publish: failing(awsError("AuthorizationError", 403)) });

    await post(webhook());

    expect(metricsOf(lines)).to.deep.equal(["NotTold"]);
  });

  it("counts an e-mail for which no time is left", async () => {
    const left = [20_000, 500];
    const { post, lines } = makeHandler({ remainingMs: () => left.shift() ?? 0 });

    await post(webhook());

    expect(metricsOf(lines)).to.deep.equal(["NotTold"]);
  });

  for (const [what, event] of [
    ["an e-mail that is sent", webhook()],
    ["an outcome that is no news", alert({ triggerType: "Warning" })],
  ] as const) {
    it(`does not count ${what}`, async () => {
      const { post, lines } = makeHandler();

      await post(event);

      expect(lines).to.deep.equal([]);
    });
  }
});
