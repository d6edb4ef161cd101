import { expect } from "chai";
import { VirtualClock } from "../../sandbox/clock.ts";
import type { CallUrl } from "../../sandbox/function-url.ts";
import { startSumoLogic } from "../../sandbox/sumo-logic/server.ts";
import { stopAfterEach } from "./support.ts";

const authorization = `Basic ${Buffer.from("id:key").toString("base64")}`;
const connection = {
  type: "WebhookDefinition",
  name: "hook",
  url: "https://abc.lambda-url.us-east-1.on.aws/",
  headers: [{ name: "Authorization", value: "Bearer token" }],
  defaultPayload: '{"type":"{{TriggerType}}","count":"{{ResultsJson.slow_count}}"}',
  resolutionPayload: '{"type":"{{TriggerType}}"}',
};
const trigger = { timeRange: "10m", field: "slow_count", threshold: 5 };

describe("startSumoLogic", () => {
  const stoppedLater = stopAfterEach();

  async function start(callUrl: CallUrl = async () => ({ status: 200, body: "" })) {
    const clock = new VirtualClock(Date.parse("2026-01-01T12:00:00Z"));
    const sumo = stoppedLater(await startSumoLogic({ clock, credentials: "id:key", callUrl }));
    const call = async (
      method: string,
      path: string,
      {
        body,
        headers = { authorization },
      }: { body?: unknown; headers?: Record<string, string> } = {},
    ) => {
      const response = await fetch(new URL(path, sumo.apiUrl), {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text ? JSON.parse(text) : undefined };
    };
    const take = async (
      body: string,
      headers: Record<string, string> = { "x-sumo-category": "web" },
    ) => (await fetch(sumo.intakeUrl, { method: "POST", headers, body })).status;
    return { clock, sumo, call, take };
  }

  for (const [what, headers] of [
    ["no credentials", {}],
    ["a wrong key", { authorization: `Basic ${Buffer.from("id:other").toString("base64")}` }],
    ["another scheme", { authorization: "Bearer id:key" }],
  ] as const) {
    it(`answers 401 to ${what}`, async () => {
      const { call } = await start();

      const { status } = await call("GET", "v1/monitors/root", { headers });

      expect(status).to.equal(401);
    });
  }

  for (const [method, path] of [
    ["GET", "v1/collectors"],
    ["POST", "v1/monitors/0000000000000001/move"],
    ["GET", "v2/connections/0000000000000001"],
  ] as const) {
    it(`answers 501 to ${method} ${path}, naming it`, async () => {
      const { call } = await start();

      const { status, body } = await call(method, path);

      expect(status).to.equal(501);
      expect(body.errors[0].message).to.equal(
        `the sandbox's Sumo Logic does not have ${method} ${path}`,
      );
    });
  }

  it("answers 400 to a body that is not JSON", async () => {
    const { sumo } = await start();
    const url = new URL("v1/connections", sumo.apiUrl);

    const { status } = await fetch(url, { method: "POST", headers: { authorization }, body: "{" });

    expect(status).to.equal(400);
  });

  it("shows a connection with its headers masked and another type than it was given", async () => {
    const { call } = await start();
    const { body: made } = await call("POST", "v1/connections", { body: connection });

    const { status, body } = await call("GET", `v1/connections/${made.id}`);

    expect(status).to.equal(200);
    expect(body.id).to.match(/^[0-9a-f]{16}$/);
    expect(body).to.deep.equal({
      ...connection,
      id: made.id,
      type: "WebhookConnection",
      headers: [{ name: "Authorization", value: "********" }],
    });
  });

  it("takes a connection without headers, which the API does not require", async () => {
    const { call } = await start();
    const { headers: _, ...bare } = connection;

    const { status } = await call("POST", "v1/connections", { body: bare });

    expect(status).to.equal(200);
  });

  it("refuses a PUT without If-Match and changes nothing", async () => {
    const { call } = await start();
    const { body: made } = await call("POST", "v1/connections", { body: connection });

    const { status } = await call("PUT", `v1/connections/${made.id}`, {
      body: { ...connection, name: "changed" },
    });

    expect(status).to.equal(412);
    expect((await call("GET", `v1/connections/${made.id}`)).body.name).to.equal("hook");
  });

  it("takes a PUT with If-Match, keeping the id", async () => {
    const { call } = await start();
    const { body: made } = await call("POST", "v1/connections", { body: connection });

    const { status } = await call("PUT", `v1/connections/${made.id}`, {
      body: { ...connection, id: "other", name: "changed" },
      headers: { authorization, "if-match": '"1"' },
    });

    expect(status).to.equal(200);
    const { body } = await call("GET", `v1/connections/${made.id}`);
    expect(body.name).to.equal("changed");
    expect(body.id).to.equal(made.id);
  });

  for (const collection of ["connections", "monitors", "logSearches"]) {
    it(`answers 404 to what is not in ${collection}`, async () => {
      const { call } = await start();

      const { status } = await call("GET", `v1/${collection}/0000000000000009`);

      expect(status).to.equal(404);
    });

    it(`deletes from ${collection} with 204, and then has it no more`, async () => {
      const { call } = await start();
      const { body: made } = await call("POST", `v1/${collection}`, { body: connection });

      const { status } = await call("DELETE", `v1/${collection}/${made.id}`);

      expect(status).to.equal(204);
      expect((await call("GET", `v1/${collection}/${made.id}`)).status).to.equal(404);
    });
  }

  it("has a root folder of monitors", async () => {
    const { call } = await start();

    const { status, body } = await call("GET", "v1/monitors/root");

    expect(status).to.equal(200);
    expect(body).to.deep.equal({ id: "0000000000000001" });
  });

  it("answers no permission statements for what is in the library", async () => {
    const { call } = await start();

    const { status, body } = await call("GET", "v1/monitors/0000000000000001/permissions");

    expect(status).to.equal(200);
    expect(body).to.deep.equal({ permissionStatements: [] });
  });

  it("has a personal folder", async () => {
    const { call } = await start();

    const { body } = await call("GET", "v2/content/folders/personal");

    expect(body).to.deep.equal({ id: "00000000000000AA", name: "Personal", children: [] });
  });

  it("takes logs with a category, without credentials", async () => {
    const { take } = await start();

    expect(await take("a line\n")).to.equal(200);
  });

  it("refuses logs without a category", async () => {
    const { take } = await start();

    expect(await take("a line\n", {})).to.equal(400);
  });

  it("refuses logs that do not come by POST", async () => {
    const { sumo } = await start();

    const { status } = await fetch(sumo.intakeUrl, { headers: { "x-sumo-category": "web" } });

    expect(status).to.equal(400);
  });

  it("counts what the API holds, folders among the monitors", async () => {
    const { sumo, call } = await start();

    await call("POST", "v1/connections", { body: connection });
    await call("POST", "v1/monitors?parentId=0000000000000001&", {
      body: { contentType: "Folder" },
    });
    await call("POST", "v1/monitors", { body: { contentType: "Monitor" } });
    await call("POST", "v1/logSearches", { body: {} });

    expect(sumo.counts()).to.deep.equal({ connections: 1, monitorsAndFolders: 2, searches: 1 });
  });

  /** A monitor of more than five messages "slow" beside a folder, and the calls of its webhook. */
  async function startWithMonitor() {
    const calls: [string, string | undefined][] = [];
    const running = await start(async (url, { body }) => {
      calls.push([url, body]);
      return { status: 200, body: "done" };
    });
    const { call } = running;
    const { body: made } = await call("POST", "v1/connections", { body: connection });
    await call("POST", "v1/monitors", { body: { contentType: "Folder", name: "folder" } });
    await call("POST", "v1/monitors", {
      body: {
        contentType: "Monitor",
        name: "Slow responses",
        queries: [
          { rowId: "A", query: '_sourceCategory=web "slow"\n| count as slow_count by _raw' },
        ],
        triggers: [
          { ...trigger, triggerType: "Critical", thresholdType: "GreaterThan" },
          {
            ...trigger,
            triggerType: "ResolvedCritical",
            thresholdType: "LessThanOrEqual",
            resolutionWindow: "5m",
          },
        ],
        notifications: [
          { notification: { connectionId: made.id }, runForTriggerTypes: ["Critical"] },
        ],
      },
    });
    return { ...running, calls };
  }

  it("calls the webhook when a monitor fires, counting each line of the intake once", async () => {
    const { clock, sumo, take, calls } = await startWithMonitor();
    await take("slow\nslow\n\nslow\n");
    await take("slow\nslow\nslow");
    clock.advance(3);

    const sent = await sumo.evaluateMonitors();

    expect(calls).to.deep.equal([
      ["https://abc.lambda-url.us-east-1.on.aws/", '{"type":"Critical","count":"6"}'],
    ]);
    expect(sent.map(({ status, answer }) => [status, answer])).to.deep.equal([[200, "done"]]);
  });

  it("does not call the webhook before the clock reaches the messages", async () => {
    const { clock, sumo, take, calls } = await startWithMonitor();
    await take("slow\n".repeat(6));
    clock.advance(1);

    await sumo.evaluateMonitors();

    expect(calls).to.deep.equal([]);
  });

  it("remembers an active alert from one evaluation to the next", async () => {
    const { clock, sumo, take } = await startWithMonitor();
    await take("slow\n".repeat(6));
    clock.advance(3);
    await sumo.evaluateMonitors();
    clock.advance(1);

    expect(await sumo.evaluateMonitors()).to.deep.equal([]);
  });
});
