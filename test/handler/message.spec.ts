import { expect } from "chai";
import { alert, makeHandler, token, webhook } from "./support.ts";

async function mailFor(event: unknown) {
  const { handle, mails } = makeHandler();
  await handle(event);
  return mails[0];
}

describe("the e-mail", () => {
  it("of a reboot says what, which, why, when and where to look", async () => {
    expect(await mailFor(webhook())).to.deep.equal({
      TopicArn: "arn:aws:sns:us-east-1:111122223333:topic",
      Subject: "Rebooted EC2 instance i-0123456789abcdef0",
      Message: [
        "What:     The instance was told to reboot; that takes a few minutes.",
        "Instance: i-0123456789abcdef0",
        "Why:      the alert is Critical",
        "When:     2026-11-18T11:19:40.000Z",
        "Rule:     more than 5 responses of /api/data over 3 s in 10 minutes",
        "Count:    6",
        "Window:   2026-11-18T11:06:40.000Z to 2026-11-18T11:16:40.000Z",
        "Monitor:  Slow responses",
        "Alert:    https://service.sumologic.com/ui/#/alert/1",
        "Recent:   1 reboot claimed in 7 days",
        "Next:     health is checked every 3 minutes; one more e-mail tells whether it helped, soon after 2026-11-18T11:43:40.000Z at the latest",
        `Stop:     npm run mode -- off --reason "why", or aws dynamodb update-item --table-name table --key '{"id":{"S":"instance#i-0123456789abcdef0"}}' --update-expression 'SET #m = :off REMOVE modeUntil, modeSince, modeReason' --expression-attribute-names '{"#m":"mode"}' --expression-attribute-values '{":off":{"S":"off"}}'`,
        "Incident: alert-dcb8bb778c60d551",
        "Log:      CloudWatch log group /aws/lambda/reboot",
      ].join("\n"),
    });
  });

  it("of a call by hand gives the person's reason", async () => {
    expect((await mailFor({ reason: "slow since noon" }))?.Message).to.equal(
      [
        "What:     The instance was told to reboot; that takes a few minutes.",
        "Instance: i-0123456789abcdef0",
        "Why:      called by hand: slow since noon",
        "When:     2026-11-18T11:19:40.000Z",
        "Recent:   1 reboot claimed in 7 days",
        "Next:     health is checked every 3 minutes; one more e-mail tells whether it helped, soon after 2026-11-18T11:43:40.000Z at the latest",
        `Stop:     npm run mode -- off --reason "why", or aws dynamodb update-item --table-name table --key '{"id":{"S":"instance#i-0123456789abcdef0"}}' --update-expression 'SET #m = :off REMOVE modeUntil, modeSince, modeReason' --expression-attribute-names '{"#m":"mode"}' --expression-attribute-values '{":off":{"S":"off"}}'`,
        "Incident: by-hand-request-1",
        "Log:      CloudWatch log group /aws/lambda/reboot",
      ].join("\n"),
    );
  });

  for (const [alertUrl, isShown] of [
    ["https://service.sumologic.com/ui/#/alert/1", true],
    ["https://service.us2.sumologic.com/x", true],
    ["http://service.sumologic.com/x", false],
    ["https://sumologic.com.evil.example/x", false],
    ["https://evilsumologic.com/x", false],
    ["https://user:pass@service.sumologic.com/x", false],
    ["https://user@service.sumologic.com/x", false],
    ["javascript:alert(1)//.sumologic.com", false],
    ["//service.sumologic.com", false],
    ["text", false],
    ["", false],
    [`https://service.sumologic.com/${"x".repeat(2_000)}`, false],
  ] as const) {
    it(`${isShown ? "shows" : "leaves out"} the link ${alertUrl.slice(0, 50)}`, async () => {
      const mail = await mailFor(alert({ alertUrl }));

      expect(mail?.Message.includes("Alert:    ")).to.equal(isShown);
    });
  }

  it("holds no line, control or direction character of a request", async () => {
    const nasty = "a\r\nInstance: i-1\u0000\u001b[31m\u202e\u2028\u200bz\ud800";

    const mail = await mailFor(alert({ monitorName: nasty, triggerValue: nasty }));

    expect(mail?.Message.split("\n")).to.have.length(14);
    expect(mail?.Message).to.include("Monitor:  a  Instance: i-1  [31m   z\ufffd");
  });

  it("cuts text of a request at 200 characters, and never inside one", async () => {
    const mail = await mailFor(alert({ monitorName: "🐌".repeat(300) }));

    expect(mail?.Message.split("\n")[7]).to.equal(`Monitor:  ${"🐌".repeat(200)}`);
  });
});

describe("the log", () => {
  it("has one record with fixed fields for an outcome", async () => {
    const { post, records, levels } = makeHandler();

    await post(webhook());

    expect(levels).to.deep.equal(["info"]);
    expect(records).to.deep.equal([
      {
        outcome: "rebooted",
        instanceId: "i-0123456789abcdef0",
        incidentId: "alert-dcb8bb778c60d551",
        reason: "the alert is Critical",
        notified: true,
        source: "webhook",
        notification: "sent",
        noted: "noted",
        request: {
          kind: "alert",
          incidentId: "alert-dcb8bb778c60d551",
          monitorName: "Slow responses",
          triggerType: "Critical",
          triggerValue: "6",
          windowStartMs: 1795000000000,
          windowEndMs: 1795000600000,
          alertUrl: "https://service.sumologic.com/ui/#/alert/1",
        },
      },
    ]);
  });

  it("never holds the token or a header", async () => {
    const { post, records } = makeHandler();
    const headers = { authorization: `Bearer ${token}`, "x-secret": "header-value" };
    await post(webhook(undefined, { headers }));
    await post(webhook("rubbish", { headers }));
    await post(webhook(undefined, { headers: { authorization: `Bearer ${token}x` } }));

    const text = JSON.stringify(records);

    expect(records).to.have.length(3);
    expect(text).not.to.include(token);
    expect(text).not.to.include("header-value");
  });

  it("keeps text of a request to 200 characters without control characters", async () => {
    const { post, records } = makeHandler();

    await post(alert({ monitorName: `\n${"x".repeat(60_000)}` }));
    await post(alert({ [`\n${"y".repeat(60_000)}`]: "" }));

    const [first, second] = records.map((record) => JSON.stringify(record));
    expect(first).to.include(`" ${"x".repeat(199)}"`);
    expect(second?.length).to.be.below(500);
  });
});
