import { expect } from "chai";
import {
  alert,
  alertBody,
  instanceId,
  makeHandler,
  previousToken,
  token,
  webhook,
} from "../support.ts";

const withHeaders = (headers: unknown) => webhook(alertBody, { headers });
const padded = (bytes: number) => {
  const empty = JSON.stringify({ ...alertBody, monitorId: "" });
  return JSON.stringify({ ...alertBody, monitorId: "x".repeat(bytes - empty.length) });
};
const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");

describe("a webhook", () => {
  it("that is Critical, with the token and this instance, reboots exactly that instance once", async () => {
    const { post, reboots, mails } = makeHandler();

    const { status, response } = await post(webhook());

    expect(status).to.equal(200);
    expect(response).to.deep.equal({
      outcome: "rebooted",
      instanceId,
      incidentId: "alert-dcb8bb778c60d551",
      reason: "6 responses of /api/data took over 3 s between 11:06 and 11:16 UTC",
      notified: true,
    });
    expect(reboots).to.deep.equal([{ InstanceIds: [instanceId], DryRun: false }]);
    expect(mails).to.have.length(1);
  });

  for (const [what, event] of [
    ["the previous token", withHeaders({ authorization: `Bearer ${previousToken}` })],
    ["the scheme in another case", withHeaders({ authorization: `bearer ${token}` })],
    ["a base64 body", webhook(base64(JSON.stringify(alertBody)), { isBase64Encoded: true })],
    ["a body of exactly 64 KiB", webhook(padded(65_536))],
    ["its instance in a list", alert({ instanceId: `["${instanceId}"]` })],
    ["its instance twice in a list", alert({ instanceId: `["${instanceId}","${instanceId}"]` })],
    [
      "its instance in a list without quotes",
      alert({ instanceId: `[${instanceId}, ${instanceId}]` }),
    ],
    ["a value that is no number", alert({ triggerValue: "many" })],
    ["the monitor's name, as connections once sent it", alert({ monitorName: "Zähler 🐌 遅い" })],
  ] as const) {
    it(`with ${what} reboots`, async () => {
      const { post, reboots } = makeHandler();

      expect((await post(event)).response.outcome).to.equal("rebooted");
      expect(reboots).to.have.length(1);
    });
  }

  const missing = Object.keys(alertBody).map((field) => [
    `lacks the field ${field}`,
    alert({ [field]: undefined }),
    400,
    `field ${field} is missing`,
  ]);
  const mistyped = Object.keys(alertBody).flatMap((field) =>
    [1, null, true, {}, ["x"]].map((value) => [
      `has ${JSON.stringify(value)} as ${field}`,
      alert({ [field]: value }),
      400,
      `field ${field} must be a string`,
    ]),
  );
  const cases = [
    ["comes by GET", webhook(alertBody, { requestContext: { http: { method: "GET" } } }), 405, ""],
    ["comes by PUT", webhook(alertBody, { requestContext: { http: { method: "PUT" } } }), 405, ""],
    ["names no method", webhook(alertBody, { requestContext: { http: {} } }), 405, ""],
    ["has 65 KiB", webhook(padded(65 * 1024)), 413, ""],
    ["has a byte more than 64 KiB", webhook(padded(65_537)), 413, ""],
    [
      "has more than 64 KiB only as base64",
      webhook(base64(padded(60_000)), { isBase64Encoded: true }),
      413,
      "",
    ],
    ["has no headers", webhook(alertBody, { headers: undefined }), 401, ""],
    ["has no token", withHeaders({}), 401, ""],
    ["has a list as token", withHeaders({ authorization: [`Bearer ${token}`] }), 401, ""],
    ["has a short token", withHeaders({ authorization: "Bearer a" }), 401, ""],
    ["has an empty token", withHeaders({ authorization: "Bearer " }), 401, ""],
    ["has a wrong token", withHeaders({ authorization: `Bearer ${"c".repeat(64)}` }), 401, ""],
    ["has the token without scheme", withHeaders({ authorization: token }), 401, ""],
    ["has the token as Basic", withHeaders({ authorization: `Basic ${token}` }), 401, ""],
    [
      "has the token twice",
      withHeaders({ authorization: `Bearer ${token},Bearer ${token}` }),
      401,
      "",
    ],
    ["has a token and more", withHeaders({ authorization: `Bearer ${token} x` }), 401, ""],
    [
      "has the token's digest as token",
      withHeaders({ authorization: `Bearer ${"d".repeat(64)}` }),
      401,
      "",
    ],
    ["has no body", webhook(alertBody, { body: undefined }), 400, "not JSON"],
    ["has an empty body", webhook(""), 400, "not JSON"],
    ["has text as body", webhook("reboot"), 400, "not JSON"],
    ["has a list as body", webhook("[]"), 400, "must be a JSON object"],
    ["has null as body", webhook("null"), 400, "must be a JSON object"],
    ["has a string as JSON body", webhook('"text"'), 400, "must be a JSON object"],
    ["has rubbish in base64", webhook("%%%", { isBase64Encoded: true }), 400, "not JSON"],
    [
      "has invalid UTF-8",
      webhook(base64(Buffer.from([0x7b, 0xff, 0x7d])), { isBase64Encoded: true }),
      400,
      "not JSON in UTF-8",
    ],
    ["has a field more", alert({ command: "x" }), 400, 'unknown field "command"'],
    [
      "has a prototype key",
      webhook(`{"__proto__":{"schema":"1"}}`),
      400,
      'unknown field "__proto__"',
    ],
    ["has a constructor", alert({ constructor: "x" }), 400, 'unknown field "constructor"'],
    ["has another schema", alert({ schema: "2" }), 400, 'field schema must be "1"'],
    ["has a window that is no number", alert({ windowEndMs: "now" }), 400, "field windowEndMs"],
    ["has a negative window", alert({ windowStartMs: "-1" }), 400, "field windowStartMs"],
    ["has an empty window", alert({ windowStartMs: "" }), 400, "field windowStartMs"],
    ["has an empty id for its instance", alert({ instanceId: "" }), 400, "field instanceId"],
    ["names an empty list", alert({ instanceId: "[]" }), 400, "field instanceId"],
    [
      "names another instance, a wrong target",
      alert({ instanceId: "i-0fedcba9876543210" }),
      400,
      "field instanceId",
    ],
    ["names every instance", alert({ instanceId: "*" }), 400, "field instanceId"],
    [
      "names the instance's prefix",
      alert({ instanceId: instanceId.slice(0, 10) }),
      400,
      "field instanceId",
    ],
    [
      "names another instance beside its own",
      alert({ instanceId: `["${instanceId}","i-0fedcba9876543210"]` }),
      400,
      "field instanceId",
    ],
    [
      "has the foreign instance under a wrong token",
      webhook({ ...alertBody, instanceId: "x" }, { headers: {} }),
      401,
      "",
    ],
    ["is too large and has no token", webhook(padded(70_000), { headers: {} }), 413, ""],
    [
      "comes by GET and is too large",
      webhook(padded(70_000), { requestContext: { http: { method: "GET" } } }),
      405,
      "",
    ],
    ...missing,
    ...mistyped,
  ] as [string, unknown, number, string][];
  for (const [what, event, status, error] of cases) {
    it(`that ${what} is refused with ${status} and does nothing`, async () => {
      const { post, calls, records, levels } = makeHandler();

      const response = await post(event);

      expect(response.status).to.equal(status);
      if (status !== 400) expect(response.body).to.equal("");
      expect(response.body).to.include(error.replaceAll('"', '\\"'));
      expect(calls).to.deep.equal([]);
      expect([records.length, records[0]?.outcome, levels]).to.deep.equal([1, "refused", ["warn"]]);
    });
  }

  for (const triggerType of [
    "Warning",
    "Normal",
    "Missing Data",
    "critical",
    "CRITICAL",
    "",
    "x",
  ]) {
    it(`of trigger type ${JSON.stringify(triggerType)} reboots nothing and notifies nobody`, async () => {
      const { post, reboots, mails } = makeHandler();

      const { status, response } = await post(alert({ triggerType }));

      expect([status, response.outcome, response.notified]).to.deep.equal([200, "skipped", false]);
      expect([reboots, mails]).to.deep.equal([[], []]);
    });
  }

  for (const named of [
    "",
    '""',
    " ",
    '" "',
    "[]",
    "[ ]",
    '[""]',
    '["",""]',
    "{{ResultsJson.instance_id}}",
  ]) {
    it(`of trigger type ResolvedCritical may name no instance, as ${JSON.stringify(named)}`, async () => {
      const { post, updates, reboots } = makeHandler();

      const { status } = await post(alert({ triggerType: "ResolvedCritical", instanceId: named }));

      expect([status, reboots]).to.deep.equal([200, []]);
      expect(updates[0]?.UpdateExpression).to.equal("SET resolvedAt = :resolvedAt REMOVE event");
    });

    it(`of trigger type Critical reboots nothing when it names ${JSON.stringify(named)}`, async () => {
      const { post, calls } = makeHandler();

      const { status } = await post(alert({ instanceId: named }));

      expect(status).to.equal(named.startsWith("{{") ? 200 : 400);
      expect(calls).to.deep.equal([]);
    });
  }

  it("of trigger type ResolvedCritical is refused when it names another instance", async () => {
    const { post } = makeHandler();

    const other = { triggerType: "ResolvedCritical", instanceId: "i-0fedcba9876543210" };

    expect((await post(alert(other))).status).to.equal(400);
  });

  it("of trigger type ResolvedCritical, the recovery message, reboots nothing and claims nothing", async () => {
    const { post, calls } = makeHandler();

    const { status, response } = await post(alert({ triggerType: "ResolvedCritical" }));

    expect([status, response.outcome]).to.deep.equal([200, "skipped"]);
    expect(calls).to.deep.equal(["updateItem", "updateItem", "getItem", "publish", "updateItem"]);
  });

  for (const fields of [
    { triggerType: "{{TriggerType}}", instanceId: "{{ResultsJson.instance_id}}" },
    { alertUrl: "{{AlertResponseUrl}}" },
    { monitorId: "a {{Id}} b" },
  ]) {
    it(`with the unrendered ${Object.keys(fields).join(" and ")} is a test`, async () => {
      const { post, reboots, mails } = makeHandler();

      const { status, response } = await post(alert(fields));

      expect([status, response.outcome]).to.deep.equal([200, "test"]);
      expect(response.reason).to.include(Object.keys(fields).sort().reverse()[0]);
      expect([reboots, mails]).to.deep.equal([[], []]);
    });
  }

  it("has the same incident id when its alert resolves", async () => {
    const { post } = makeHandler();
    const first = await post(webhook());

    const resolved = await post(
      alert({ triggerType: "ResolvedCritical", windowEndMs: "1795001200000" }),
    );

    expect(resolved.response.incidentId).to.equal(first.response.incidentId);
  });

  for (const alertUrl of ["", '""']) {
    it(`has another incident id for another window when its link is ${alertUrl || "empty"}`, async () => {
      const { post } = makeHandler();
      const first = await post(alert({ alertUrl }));

      const second = await post(alert({ alertUrl, windowStartMs: "1795000060000" }));

      expect(second.response.incidentId).not.to.equal(first.response.incidentId);
    });
  }
});
