import { expect } from "chai";
import { alert, cancelled, makeHandler, token, webhook } from "../support.ts";

async function mailFor(event: unknown) {
  const { handle, mails } = makeHandler();
  await handle(event);
  return mails[0];
}

describe("the e-mail", () => {
  it("of a reboot begins with what happened, what happens next and what to do", async () => {
    expect(await mailFor(webhook())).to.deep.equal({
      TopicArn: "arn:aws:sns:us-east-1:111122223333:topic",
      Subject: "Rebooted EC2 instance i-0123456789abcdef0",
      Message: [
        "What:     Reboot requested. Allow a few minutes.",
        'Next:     Health is checked every 3 minutes. You will get a "Recovered" or "NOT recovered" e-mail by 11:44 UTC.',
        "To do:    Wait for the result.",
        "",
        "Why:      6 responses of /api/data took over 3 s between 11:06 and 11:16 UTC",
        "Instance: i-0123456789abcdef0",
        "When:     2026-11-18T11:19:40.000Z",
        "Rule:     more than 5 responses of /api/data over 3 s in 10 minutes",
        "Count:    6",
        "Window:   2026-11-18T11:06:40.000Z to 2026-11-18T11:16:40.000Z",
        "Monitor:  Slow responses of api data",
        "Alert:    https://service.sumologic.com/ui/#/alert/1",
        "Recent:   1 reboot claimed in 7 days",
        'Stop:     npm run mode -- off --reason "TEXT" (without a checkout: docs/runbook.md, "Stop the automation")',
        "Incident: alert-dcb8bb778c60d551",
        "Log:      CloudWatch log group /aws/lambda/reboot",
      ].join("\n"),
    });
  });

  it("of a manual invocation gives the person's reason", async () => {
    expect((await mailFor({ reason: "slow since noon" }))?.Message).to.equal(
      [
        "What:     Reboot requested. Allow a few minutes.",
        'Next:     Health is checked every 3 minutes. You will get an "Up after the manual reboot" or "NOT recovered" e-mail by 11:44 UTC.',
        "To do:    Wait for the result.",
        "",
        "Why:      manual invocation: slow since noon",
        "Instance: i-0123456789abcdef0",
        "When:     2026-11-18T11:19:40.000Z",
        "Recent:   1 reboot claimed in 7 days",
        'Stop:     npm run mode -- off --reason "TEXT" (without a checkout: docs/runbook.md, "Stop the automation")',
        "Incident: manual-request-1",
        "Log:      CloudWatch log group /aws/lambda/reboot",
      ].join("\n"),
    );
  });

  it("of an alert without a count says the rule", async () => {
    expect((await mailFor(alert({ triggerValue: "" })))?.Message).to.include(
      "\nWhy:      more than 5 responses of /api/data over 3 s in 10 minutes, between 11:06 and 11:16 UTC; Sumo Logic sent no count\n",
    );
  });

  it("shows the link of the alert's page, as it was sent", async () => {
    const alertUrl = "https://service.us2.sumologic.com/ui/#/alert/00000000016CCCDD";

    const mail = await mailFor(alert({ alertUrl }));

    expect(mail?.Message).to.include(`\nAlert:    ${alertUrl}\n`);
  });

  it("leaves out any other link, and the log names the field", async () => {
    const { handle, mails, records } = makeHandler();

    await handle(alert({ alertUrl: "https://sumologic.com.evil.example/ui/#/alert/1" }));

    expect(mails[0]?.Message).not.to.include("Alert:");
    expect(mails[0]?.Message).not.to.include("evil");
    expect(records[0]?.request).to.deep.include({ omittedFields: ["alertUrl"] });
    expect(JSON.stringify(records)).not.to.include("evil");
  });

  for (const [sent, shown] of [
    ["6", "6"],
    ["6.0", "6"],
    ["1.2e+06", "1200000"],
    ["", "unknown"],
    ['""', "unknown"],
    ["-6", "unknown"],
    ["6.5", "unknown"],
    ["1e99", "unknown"],
    ["0x6", "unknown"],
    ["6 evil.example", "unknown"],
    ["6\nWhy: x", "unknown"],
    ["www.evil.example", "unknown"],
    ["٦", "unknown"],
  ] as const) {
    it(`shows the count ${JSON.stringify(sent)} as ${shown}`, async () => {
      const mail = await mailFor(alert({ triggerValue: sent }));

      expect(mail?.Message.split("\n")[8]).to.equal(`Count:    ${shown}`);
      expect(mail?.Message.split("\n")).to.have.length(16);
    });
  }

  /** A monitor's name, an id, a value and a link that do what an attacker would like. */
  const hostileTexts = [
    "https://evil.example/login",
    "evil.example",
    "www.evil.example",
    "a\r\nInstance: i-1\u0000\u001b[31m\u202e\u2028\u200bz\ud800",
    "<a href=https://evil.example>log in</a>",
    "security@evil.example",
  ];
  for (const hostile of hostileTexts) {
    it(`has none of the sender's text ${JSON.stringify(hostile)}`, async () => {
      const fields = { monitorId: hostile, monitorName: hostile, triggerValue: hostile };

      const mail = await mailFor(alert({ ...fields, alertUrl: hostile }));

      const expected = await mailFor(alert({ triggerValue: "", alertUrl: "" }));
      const withoutIncident = (message = "") => message.replace(/alert-[0-9a-f]{16}/, "");
      expect(withoutIncident(mail?.Message)).to.equal(withoutIncident(expected?.Message));
      expect(mail?.Subject).to.equal("Rebooted EC2 instance i-0123456789abcdef0");
    });
  }

  it("defuses links in what a person wrote, and keeps it on its line", async () => {
    const reason = "see https://evil.example/a\n\u001b]8;;http://evil.example\u0007release 1.2";

    const mail = await mailFor({ reason });

    expect(mail?.Message.split("\n")[4]).to.equal(
      "Why:      manual invocation: see https[:]//evil[.]example/a  ]8;;http[:]//evil[.]example release 1.2",
    );
  });

  it("defuses links in the reason of the kill switch", async () => {
    const { handle, mails } = makeHandler({
      transactWrite: async () => {
        throw cancelled({ mode: { S: "off" }, modeReason: { S: "www.evil.example" } });
      },
    });

    await handle(webhook());

    expect(mails[0]?.Message.split("\n")[4]).to.equal(
      "Why:      suppressed by the kill switch: the mode is off since an unknown time: www[.]evil[.]example",
    );
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
        reason: "6 responses of /api/data took over 3 s between 11:06 and 11:16 UTC",
        notified: true,
        source: "webhook",
        notification: "sent",
        incidentUpdate: "updated",
        request: {
          kind: "alert",
          incidentId: "alert-dcb8bb778c60d551",
          instanceId: "i-0123456789abcdef0",
          triggerType: "Critical",
          triggerValue: 6,
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

    await post(alert({ triggerType: `\n${"x".repeat(60_000)}` }));
    await post(alert({ [`\n${"y".repeat(60_000)}`]: "" }));

    const [first, second] = records.map((record) => JSON.stringify(record));
    expect(first).to.include(`" ${"x".repeat(199)}"`);
    expect(second?.length).to.be.below(500);
  });
});
