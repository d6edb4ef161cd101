import { expect } from "chai";
import type { CallUrl, HttpRequest } from "../../aws/function-url.ts";
import {
  critical,
  emailNotification,
  missingData,
  monitor,
  connection as wireConnection,
} from "../../sumo-logic/bodies.ts";
import type { Item } from "../../sumo-logic/collection.ts";
import { notify } from "../../sumo-logic/notify.ts";
import type { Due } from "../../sumo-logic/template.ts";
import { errorOf } from "../support.ts";

const connection: Item = { ...wireConnection, id: "00000000000000C1" };
const webhook = { connectionType: "Webhook", connectionId: "00000000000000C1" };

/** A monitor that sends each of these for each of these types. */
function notifying(notifications: object[], ...runForTriggerTypes: string[]): Item {
  return {
    ...monitor,
    id: "00000000000000A1",
    notifications: notifications.map((notification) => ({ notification, runForTriggerTypes })),
  };
}

function due(triggerType: string): Due {
  return {
    triggerType,
    trigger: triggerType.endsWith("MissingData") ? missingData : critical,
    alertUrl: "https://service.sumologic.com/ui/#/alert/00000000000000B1",
    rows: [{ instance_id: "i-1", slow_count: 6 }],
    value: 6,
    windowStartMs: 0,
    windowEndMs: 600_000,
  };
}

/** Notifies with the connection changed, and returns the calls of its URL too. */
async function send(it: Item, triggerType: string, change: object = {}) {
  const calls: [string, HttpRequest][] = [];
  const callUrl: CallUrl = async (url, request) => {
    calls.push([url, request]);
    return { status: 202, body: "accepted" };
  };
  const connections = new Map<string, Item>([[connection.id, { ...connection, ...change }]]);
  const sent = await notify(it, due(triggerType), connections, callUrl);
  return { calls, sent, payloads: calls.map(([, { body }]) => body) };
}

describe("notify, with a webhook", () => {
  it("posts the rendered payload with the connection's headers", async () => {
    const { calls } = await send(notifying([webhook], "Critical"), "Critical");

    expect(calls).to.deep.equal([
      [
        "https://abc.lambda-url.us-east-1.on.aws/",
        {
          headers: { "content-type": "application/json", Authorization: "Bearer token" },
          body: '{"type":"Critical","count":"6"}',
        },
      ],
    ]);
  });

  it("returns what the webhook responded", async () => {
    const { sent } = await send(notifying([webhook], "Critical"), "Critical");

    expect(sent).to.deep.equal([
      {
        kind: "webhook",
        triggerType: "Critical",
        url: "https://abc.lambda-url.us-east-1.on.aws/",
        payload: '{"type":"Critical","count":"6"}',
        status: 202,
        response: "accepted",
      },
    ]);
  });

  it("escapes values for JSON in the payload", async () => {
    const it = { ...notifying([webhook], "Critical"), name: 'Slow "api"\n' };
    const defaultPayload = '{"name":"{{Name}}"}';

    const { payloads } = await send(it, "Critical", { defaultPayload });

    expect(payloads).to.deep.equal(['{"name":"Slow \\"api\\"\\n"}']);
  });

  it("sends the custom headers too", async () => {
    const customHeaders = [{ name: "X-Team", value: "operations" }];

    const { calls } = await send(notifying([webhook], "Critical"), "Critical", { customHeaders });

    expect(calls[0]?.[1].headers).to.deep.equal({
      "content-type": "application/json",
      Authorization: "Bearer token",
      "X-Team": "operations",
    });
  });

  it("sends no custom header if the connection has none", async () => {
    const none = { headers: undefined, customHeaders: undefined };

    const { calls } = await send(notifying([webhook], "Critical"), "Critical", none);

    expect(calls[0]?.[1].headers).to.deep.equal({ "content-type": "application/json" });
  });

  const overrides = {
    payloadOverride: '{"own":"{{TriggerType}}"}',
    resolutionPayloadOverride: '{"ownResolved":"{{TriggerType}}"}',
  };
  const noResolution = { resolutionPayload: undefined };
  for (const [triggerType, what, notification, change, expected] of [
    ["Critical", "the default payload", {}, {}, '{"type":"Critical","count":"6"}'],
    ["MissingData", "the default payload", {}, {}, '{"type":"Missing Data","count":"6"}'],
    ["Critical", "the monitor's own payload", overrides, {}, '{"own":"Critical"}'],
    [
      "Critical",
      "the default payload, though there is one for resolutions",
      { resolutionPayloadOverride: "{}" },
      {},
      '{"type":"Critical","count":"6"}',
    ],
    ["ResolvedCritical", "the payload for resolutions", {}, {}, '{"resolved":"ResolvedCritical"}'],
    [
      "ResolvedMissingData",
      "the payload for resolutions",
      {},
      {},
      '{"resolved":"ResolvedMissingData"}',
    ],
    [
      "ResolvedCritical",
      "the default payload where there is none for resolutions",
      {},
      noResolution,
      '{"type":"ResolvedCritical","count":"6"}',
    ],
    [
      "ResolvedCritical",
      "the payload for resolutions, though there is one for alerts",
      { payloadOverride: "{}" },
      {},
      '{"resolved":"ResolvedCritical"}',
    ],
    [
      "ResolvedCritical",
      "the monitor's own payload for resolutions",
      overrides,
      {},
      '{"ownResolved":"ResolvedCritical"}',
    ],
    [
      "ResolvedCritical",
      "the monitor's own payload for resolutions, where the connection has none",
      overrides,
      noResolution,
      '{"ownResolved":"ResolvedCritical"}',
    ],
  ] as const) {
    it(`posts ${what} for ${triggerType}`, async () => {
      const it = notifying([{ ...webhook, ...notification }], triggerType);

      const { payloads } = await send(it, triggerType, change);

      expect(payloads).to.deep.equal([expected]);
    });
  }

  for (const [asked, triggerType] of [
    ["Critical", "ResolvedCritical"],
    ["ResolvedCritical", "Critical"],
    ["Critical", "Warning"],
    ["MissingData", "ResolvedMissingData"],
  ] as const) {
    it(`calls nothing for ${triggerType} when only ${asked} is asked for`, async () => {
      const { calls, sent } = await send(notifying([webhook], asked), triggerType);

      expect(sent).to.deep.equal([]);
      expect(calls).to.deep.equal([]);
    });
  }

  for (const notifications of [[], undefined]) {
    it(`calls nothing when the monitor's notifications are ${JSON.stringify(notifications)}`, async () => {
      const { calls, sent } = await send({ ...monitor, notifications }, "Critical");

      expect([sent, calls]).to.deep.equal([[], []]);
    });
  }

  it("reports an unsuccessful response like any other", async () => {
    const callUrl: CallUrl = async () => ({ status: 500, body: "broken" });
    const connections = new Map<string, Item>([[connection.id, connection]]);

    const sent = await notify(
      notifying([webhook], "Critical"),
      due("Critical"),
      connections,
      callUrl,
    );

    expect(sent[0]).to.include({ status: 500, response: "broken" });
  });

  it("fails when the connection is gone, naming it", async () => {
    const callUrl: CallUrl = async () => ({ status: 200, body: "" });
    const it = notifying([webhook], "Critical");

    const error = await errorOf(notify(it, due("Critical"), new Map(), callUrl));

    expect(error).to.equal("no connection 00000000000000C1");
  });
});

describe("notify, with an e-mail", () => {
  it("writes it to the recipients, as plain text", async () => {
    const email = {
      ...emailNotification,
      recipients: ["oncall@example.com", "lead@example.com"],
      subject: "{{TriggerType}}: {{Name}}",
      messageBody: '{{TriggerCondition}}\n{{Query}}\n"{{ResultsJson.slow_count}}" {{Nothing}}',
    };

    const { calls, sent } = await send(notifying([email], "Critical"), "Critical");

    expect(calls).to.deep.equal([]);
    expect(sent).to.deep.equal([
      {
        kind: "email",
        triggerType: "Critical",
        recipients: ["oncall@example.com", "lead@example.com"],
        subject: "Critical: Slow responses",
        body: 'Greater than 5.0 in the last 10 minutes\n_sourceCategory=web "slow"\n| count as slow_count by _raw\n"6" ""',
      },
    ]);
  });

  it("says Missing Data in the text, and keeps the type's name in what it returns", async () => {
    const { sent } = await send(notifying([emailNotification], "MissingData"), "MissingData");

    expect(sent).to.deep.equal([
      {
        kind: "email",
        triggerType: "MissingData",
        recipients: ["oncall@example.com"],
        subject: "Slow responses",
        body: "Missing Data",
      },
    ]);
  });

  it("needs no connection", async () => {
    const callUrl: CallUrl = async () => ({ status: 200, body: "" });
    const it = notifying([emailNotification], "Critical");

    const sent = await notify(it, due("Critical"), new Map(), callUrl);

    expect(sent.map(({ kind }) => kind)).to.deep.equal(["email"]);
  });

  it("is sent beside webhooks, each that asks for the type", async () => {
    const it = notifying([webhook, emailNotification, webhook], "Critical", "ResolvedCritical");

    const { sent, payloads } = await send(it, "ResolvedCritical");

    expect(sent.map(({ kind }) => kind)).to.deep.equal(["webhook", "email", "webhook"]);
    expect(payloads).to.deep.equal([
      '{"resolved":"ResolvedCritical"}',
      '{"resolved":"ResolvedCritical"}',
    ]);
  });
});
