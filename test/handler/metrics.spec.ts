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

/** A webhook whose body names this instance. */
function alertWith(instanceId: string, overrides: Record<string, unknown>) {
  return webhook({ ...alertBody, instanceId }, overrides);
}

describe("countMetric", () => {
  it("writes one line of the embedded metric format", async () => {
    const { post, lines } = makeHandler();

    await post(webhook(alertBody, { headers: {} }));

    expect(lines).to.deep.equal([
      '{"_aws":{"Timestamp":1795000780000,"CloudWatchMetrics":[{"Namespace":"RebootAutomation","Dimensions":[["FunctionName"]],"Metrics":[{"Name":"AlertRefused","Unit":"Count"}]}]},"FunctionName":"reboot","AlertRefused":1}',
    ]);
  });
});

describe("a refused webhook", () => {
  const wrongToken = { headers: { authorization: "Bearer x" } };
  const base64 = (body: unknown) => Buffer.from(JSON.stringify(body)).toString("base64");

  for (const [what, event, status] of [
    ["a wrong token and the body of an alert", webhook(alertBody, wrongToken), 401],
    ["no token and the body of an alert", webhook(alertBody, { headers: {} }), 401],
    [
      "a wrong token and the body of an alert in base64",
      webhook(base64(alertBody), { ...wrongToken, isBase64Encoded: true }),
      401,
    ],
    ["a right token and a body that is no JSON", webhook("rubbish"), 400],
    ["a right token and an unknown field", alert({ force: true }), 400],
    ["a right token and another instance", alert({ instanceId: "i-0fedcba9876543210" }), 400],
    ["a right token and another schema", alert({ schema: "2" }), 400],
    ["a right token and a wrong time", alert({ windowStartMs: "now" }), 400],
  ] as const) {
    it(`with ${what} counts as a refused alert`, async () => {
      const { post, lines } = makeHandler();

      expect((await post(event)).status).to.equal(status);
      expect(metricsOf(lines)).to.deep.equal(["AlertRefused"]);
    });
  }

  for (const [what, event, status] of [
    ["a wrong token", webhook("{}", wrongToken), 401],
    ["a wrong token and another instance", alertWith("i-0fedcba9876543210", wrongToken), 401],
    ["no token and no body", webhook("", { headers: {} }), 401],
    ["a wrong method", webhook(alertBody, { requestContext: { http: { method: "GET" } } }), 405],
    ["too large a body", webhook("x".repeat(70_000), { headers: {} }), 413],
  ] as const) {
    it(`with ${what} counts as a refused stranger`, async () => {
      const { post, lines } = makeHandler();

      expect((await post(event)).status).to.equal(status);
      expect(metricsOf(lines)).to.deep.equal(["UnauthenticatedRequest"]);
    });
  }

  it("that is an alert is none, and counts as nothing", async () => {
    const { post, lines } = makeHandler();

    expect((await post(webhook())).status).to.equal(200);
    expect(lines).to.deep.equal([]);
  });

  it("does not count a refused call manually", async () => {
    const { invoke, lines } = makeHandler();

    await errorOf(invoke({ dryrun: true }));

    expect(lines).to.deep.equal([]);
  });

  it("does not count a refused message of the queue", async () => {
    const { check, lines } = makeHandler();

    await check(queueEvent("rubbish"));

    expect(lines).to.deep.equal([]);
  });
});

describe("the metric NotificationFailed", () => {
  it("counts an e-mail that SNS does not take", async () => {
    const { post, lines } = makeHandler({ publish: failing(awsError("AuthorizationError", 403)) });

    await post(webhook());

    expect(metricsOf(lines)).to.deep.equal(["NotificationFailed"]);
  });

  it("counts an e-mail for which no time is left", async () => {
    const left = [20_000, 500];
    const { post, lines } = makeHandler({ remainingMs: () => left.shift() ?? 0 });

    await post(webhook());

    expect(metricsOf(lines)).to.deep.equal(["NotificationFailed"]);
  });

  for (const [what, event] of [
    ["an e-mail that is sent", webhook()],
    ["an outcome without an e-mail", alert({ triggerType: "Warning" })],
  ] as const) {
    it(`does not count ${what}`, async () => {
      const { post, lines } = makeHandler();

      await post(event);

      expect(lines).to.deep.equal([]);
    });
  }
});
