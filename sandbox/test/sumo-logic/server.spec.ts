import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect } from "chai";
import type { CallUrl } from "../../aws/function-url.ts";
import { VirtualClock } from "../../clock.ts";
import { freePort } from "../../http.ts";
import type { Item } from "../../sumo-logic/collection.ts";
import { startSumoLogic } from "../../sumo-logic/server.ts";
import { errorOf, stopAfterEach } from "../support.ts";
import {
  collector,
  connection,
  emailNotification,
  folder,
  missingData,
  monitor,
  resolvedMissingData,
  rootFolder,
  search,
  source,
} from "./support.ts";

const authorization = "Basic aWQ6a2V5";
const below = `v1/monitors?parentId=${rootFolder}&`;

describe("startSumoLogic", () => {
  const stoppedLater = stopAfterEach();

  async function start(callUrl: CallUrl = async () => ({ status: 200, body: "" })) {
    const clock = new VirtualClock(Date.parse("2026-01-01T12:00:00Z"));
    const sumo = stoppedLater(
      await startSumoLogic({ clock, access: { accessId: "id", accessKey: "key" }, callUrl }),
    );
    const call = async (
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = { authorization },
    ) => {
      const response = await fetch(new URL(path, sumo.apiUrl), {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const answer: Item = text ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, body: answer };
    };
    return { clock, sumo, call };
  }

  /** With an HTTP source, and `take`, which posts to it and tells the status. */
  async function startWithSource(callUrl?: CallUrl) {
    const running = await start(callUrl);
    const made = await running.call("POST", "v1/collectors", { collector });
    const path = `v1/collectors/${made.body.collector.id}/sources`;
    const { url, token, baseUrl } = (await running.call("POST", path, { source })).body.source;
    const take = async (
      body: string | Buffer,
      headers: Record<string, string> = {},
      to: string = url,
    ) => (await fetch(to, { method: "POST", headers, body })).status;
    /** The log lines that a search finds, with their times. */
    const logged = async (category = "web") => {
      const job = await running.call("POST", "v1/search/jobs", {
        query: `_sourceCategory=${category}`,
        from: "2026-01-01T00:00:00",
        to: "2026-01-02T00:00:00",
        timeZone: "UTC",
      });
      const cookie = job.headers.getSetCookie().join();
      const get = (part: string) =>
        running.call("GET", `v1/search/jobs/${job.body.id}${part}`, undefined, {
          authorization,
          cookie,
        });
      await get("");
      await get("");
      const { body } = await get("/messages?offset=0&limit=100");
      return body.messages.map(({ map }: Item) => [map._raw, Number(map._messagetime)]);
    };
    return { ...running, url, token, baseUrl, take, logged };
  }

  describe("as an API", () => {
    for (const [what, headers] of [
      ["no credentials", {}],
      ["a wrong key", { authorization: "Basic aWQ6b3RoZXI=" }],
      ["another scheme", { authorization: "Bearer id:key" }],
      ["the credentials in another letter case", { authorization: "basic aWQ6a2V5" }],
    ] as [string, Record<string, string>][]) {
      for (const path of ["v1/monitors/root", "v1/nothing", "/v1/monitors/root"]) {
        it(`answers 401 to ${what} at ${path}`, async () => {
          const { call } = await start();

          const { status, body } = await call("GET", path, undefined, headers);

          expect(status).to.equal(401);
          expect(body).to.deep.equal({
            id: "SANDBOX",
            errors: [{ code: "unauthorized", message: "Credential could not be verified." }],
          });
        });
      }
    }

    it("answers in JSON, with the length of the content", async () => {
      const { call } = await start();

      const { status, headers } = await call("GET", "v2/content/folders/personal");

      expect(status).to.equal(200);
      expect(headers.get("content-type")).to.equal("application/json");
      expect(headers.get("content-length")).to.equal("43");
      expect(headers.get("transfer-encoding")).to.equal(null);
    });

    it("counts bytes, not characters, in the length of the content", async () => {
      const { call } = await start();

      const { headers, body } = await call("POST", below, { ...folder, name: "Länder" });

      const characters = JSON.stringify(body).length;
      expect(Number(headers.get("content-length"))).to.equal(characters + 1);
    });

    it("answers the length of nothing too", async () => {
      const { call } = await start();
      const { body: made } = await call("POST", below, folder);

      const { status, headers, body } = await call("DELETE", `v1/monitors/${made.id}`);

      expect([status, headers.get("content-length"), body]).to.deep.equal([204, "0", undefined]);
    });

    for (const path of ["/v1/monitors/root", "/api", "/apiv1/monitors/root", "/"]) {
      it(`answers 501 to a client that asks for ${path}, without /api/`, async () => {
        const { call } = await start();

        const { status, body } = await call("GET", path);

        expect(status).to.equal(501);
        expect(body.errors[0].message).to.equal(
          `the sandbox's Sumo Logic does not have GET ${path}`,
        );
      });
    }

    it("has a base URL that ends in a slash, so that /api is not lost", async () => {
      const { sumo } = await start();

      expect(sumo.apiUrl).to.match(/^http:\/\/127\.0\.0\.1:\d+\/api\/$/);
    });

    for (const [what, content] of [
      ["not JSON", "{"],
      ["a number", "7"],
      ["null", "null"],
      ["a list", "[]"],
      ["empty", ""],
    ] as const) {
      it(`answers 400 to a body that is ${what}`, async () => {
        const { sumo } = await start();

        const { status } = await fetch(new URL("v1/connections", sumo.apiUrl), {
          method: "POST",
          headers: { authorization },
          body: content,
        });

        expect(status).to.equal(400);
        expect(sumo.counts().connections).to.equal(0);
      });
    }

    it("says that a body is not JSON", async () => {
      const { sumo } = await start();

      const response = await fetch(new URL("v1/connections", sumo.apiUrl), {
        method: "POST",
        headers: { authorization },
        body: "{",
      });

      expect(JSON.parse(await response.text()).errors).to.deep.equal([
        { code: "invalid_json", message: "the body is not JSON" },
      ]);
    });

    it("answers 400, and goes on, when a body has a shape that nobody thought of", async () => {
      const { call } = await start();

      const { status, body } = await call("POST", "v1/connections", { ...connection, headers: 7 });

      expect([status, body.errors[0].code]).to.deep.equal([400, "sandbox"]);
      expect((await call("POST", "v1/connections", connection)).status).to.equal(200);
    });

    it("says in an error what is wrong, and never a header's value", async () => {
      const { call } = await start();

      const { body } = await call("POST", "v1/connections", { ...connection, name: "" });

      expect(body).to.deep.equal({
        id: "SANDBOX",
        errors: [{ code: "invalid_field", message: 'name: got ""; expected 1 to 127 characters' }],
      });
    });

    it("hands out an ETag, and takes it as If-Match", async () => {
      const { call } = await start();
      const { body: made } = await call("POST", "v1/connections", connection);
      const path = `v1/connections/${made.id}`;
      const { headers } = await call("GET", path);
      const changed = { ...connection, name: "changed" };

      const ifMatch = { authorization, "if-match": headers.get("etag") ?? "" };
      const statuses = [
        (await call("PUT", path, changed)).status,
        (await call("PUT", path, changed, ifMatch)).status,
        (await call("PUT", path, changed, ifMatch)).status,
      ];

      expect(statuses).to.deep.equal([412, 200, 412]);
    });

    it("reads the parameters of an address", async () => {
      const { sumo, call } = await start();
      const { body: made } = await call("POST", "v1/connections", connection);

      const { status } = await call("DELETE", `v1/connections/${made.id}?type=WebhookConnection`);

      expect(status).to.equal(204);
      expect(sumo.counts().connections).to.equal(0);
    });

    it("counts what the API holds, folders among the monitors", async () => {
      const { sumo, call } = await startWithSource();
      await call("POST", "v1/connections", connection);
      await call("POST", below, folder);
      await call("POST", below, monitor);
      await call("POST", "v1/logSearches", search);

      expect(sumo.counts()).to.deep.equal({
        connections: 1,
        monitorsAndFolders: 2,
        searches: 1,
        collectors: 1,
        sources: 1,
      });
    });

    it("listens on the port that it is told", async () => {
      const port = await freePort();
      const clock = new VirtualClock(0);
      const callUrl: CallUrl = async () => ({ status: 200, body: "" });

      const sumo = stoppedLater(
        await startSumoLogic({ clock, access: { accessId: "a", accessKey: "b" }, callUrl, port }),
      );

      expect(sumo.apiUrl).to.equal(`http://127.0.0.1:${port}/api/`);
      const again = startSumoLogic({
        clock,
        access: { accessId: "a", accessKey: "b" },
        callUrl,
        port,
      });
      expect(await errorOf(again)).to.include("EADDRINUSE");
    });
  });

  describe("as an intake of logs", () => {
    it("takes the URL of a source without credentials, and the lines into its category", async () => {
      const { take, logged } = await startWithSource();

      expect(await take("a\r\nb\n\n")).to.equal(200);
      expect(await logged()).to.deep.equal([
        ["a", Date.parse("2026-01-01T12:00:00Z")],
        ["b", Date.parse("2026-01-01T12:00:00Z")],
      ]);
    });

    it("answers nothing, with its length", async () => {
      const { url } = await startWithSource();

      const response = await fetch(url, { method: "POST", body: "a" });

      expect(response.headers.get("content-length")).to.equal("0");
      expect(await response.text()).to.equal("");
    });

    it("has the token in the URL, and an address without it", async () => {
      const { sumo, url, token, baseUrl } = await startWithSource();

      expect(baseUrl).to.equal(new URL("/receiver/v1/http/", sumo.apiUrl).href);
      expect(url).to.equal(baseUrl + token);
    });

    it("takes the clock's time where a line has none, and the line's where it has one", async () => {
      const { clock, take, logged } = await startWithSource();
      clock.advance(7);

      await take("a\n2026-01-01T10:30:00Z b\n");

      expect(await logged()).to.deep.equal([
        ["a", Date.parse("2026-01-01T12:07:00Z")],
        ["2026-01-01T10:30:00Z b", Date.parse("2026-01-01T10:30:00Z")],
      ]);
    });

    for (const [what, headers, body] of [
      ["gzip", { "content-encoding": "gzip" }, gzipSync("a\n")],
      ["zstd", { "content-encoding": "zstd" }, zstdCompressSync("a\n")],
    ] as [string, Record<string, string>, Buffer][]) {
      it(`takes ${what}`, async () => {
        const { take, logged } = await startWithSource();

        expect(await take(body, headers)).to.equal(200);
        expect((await logged()).map(([raw]: string[]) => raw)).to.deep.equal(["a"]);
      });
    }

    for (const [what, headers, status] of [
      ["what is not the gzip that it says", { "content-encoding": "gzip" }, 400],
      ["an unknown encoding", { "content-encoding": "br" }, 415],
    ] as [string, Record<string, string>, number][]) {
      it(`answers ${status} to ${what}, and takes nothing`, async () => {
        const { take, logged } = await startWithSource();

        expect(await take("a\n", headers)).to.equal(status);
        expect(await logged()).to.deep.equal([]);
      });
    }

    it("takes another category by header", async () => {
      const { take, logged } = await startWithSource();

      await take("a\n", { "x-sumo-category": "web/new" });

      expect(await logged()).to.deep.equal([]);
      expect(await logged("web/new")).to.have.lengthOf(1);
    });

    for (const end of ["", "/", "/?a=b"]) {
      it(`takes the token as a header when the URL ends in "http${end}"`, async () => {
        const { token, baseUrl, take, logged } = await startWithSource();

        const status = await take(
          "a\n",
          { "x-sumo-token": token },
          baseUrl.replace(/\/$/, "") + end,
        );

        expect(status).to.equal(200);
        expect(await logged()).to.have.lengthOf(1);
      });
    }

    for (const [what, path, headers] of [
      ["no token", "", {}],
      ["another token", "0123456789ABCDEF0123456789ABCDEF", {}],
      ["another token as a header", "", { "x-sumo-token": "0123456789ABCDEF0123456789ABCDEF" }],
      ["an empty token as a header", "", { "x-sumo-token": "" }],
      ["the API's credentials", "", { authorization }],
    ] as [string, string, Record<string, string>][]) {
      it(`answers 401 to ${what}, and takes nothing`, async () => {
        const { baseUrl, take, logged } = await startWithSource();

        expect(await take("a\n", headers, baseUrl + path)).to.equal(401);
        expect(await logged()).to.deep.equal([]);
      });
    }

    it("answers 401 to the URL's token in another letter case, or cut", async () => {
      const { baseUrl, token, take } = await startWithSource();

      expect(await take("a\n", {}, baseUrl + token.slice(1))).to.equal(401);
      expect(await take("a\n", {}, `${baseUrl + token}/`)).to.equal(401);
    });

    it("answers 401 when the source is gone", async () => {
      const { call, take, sumo } = await startWithSource();
      const { body } = await call("POST", "v1/collectors", {
        collector: { ...collector, name: "other" },
      });
      const path = `v1/collectors/${body.collector.id}`;
      const made = await call("POST", `${path}/sources`, { source });
      await call("DELETE", path);

      expect(await take("a\n", {}, made.body.source.url)).to.equal(401);
      expect(await take("a\n")).to.equal(200);
      expect(sumo.counts()).to.include({ collectors: 1, sources: 1 });
    });

    it("names what is wrong with logs that it does not take", async () => {
      const { sumo, url, baseUrl } = await startWithSource();
      const errorFrom = async (to: string, options: RequestInit) => {
        const response = await fetch(to, options);
        return [response.status, JSON.parse(await response.text()).errors[0]];
      };
      const post = { method: "POST", body: "a\n" };
      const wrongToken = await errorFrom(`${baseUrl}other`, post);
      const wrongMethod = await errorFrom(url, { method: "PUT", body: "a\n" });
      sumo.throttle(1);

      const throttled = await errorFrom(url, post);

      expect([wrongToken, wrongMethod, throttled]).to.deep.equal([
        [401, { code: "unauthorized", message: "no source has this token" }],
        [405, { code: "method.unsupported", message: "logs come by POST" }],
        [429, { code: "rate.limit.exceeded", message: "dropped: send it again" }],
      ]);
    });

    for (const method of ["GET", "PUT", "DELETE"]) {
      it(`answers 405 to ${method}`, async () => {
        const { url } = await startWithSource();

        const { status } = await fetch(url, { method });

        expect(status).to.equal(405);
      });
    }

    it("drops as many requests as it is told to, with 429, and takes them when they come again", async () => {
      const { sumo, take, logged } = await startWithSource();
      sumo.throttle(2);

      expect([await take("a"), await take("b"), await take("a")]).to.deep.equal([429, 429, 200]);
      expect((await logged()).map(([raw]: string[]) => raw)).to.deep.equal(["a"]);
    });

    it("does not count a request with a wrong token among those that it drops", async () => {
      const { sumo, baseUrl, take } = await startWithSource();
      sumo.throttle(1);

      const statuses = [await take("a", {}, `${baseUrl}other`), await take("a"), await take("a")];

      expect(statuses).to.deep.equal([401, 429, 200]);
    });

    it("does not throttle the API", async () => {
      const { sumo, call } = await startWithSource();
      sumo.throttle(1);

      expect((await call("GET", "v1/monitors/root")).status).to.equal(200);
    });
  });

  describe("with monitors", () => {
    const webhook = (connectionId: string) => [
      {
        notification: { connectionType: "Webhook", connectionId },
        runForTriggerTypes: ["Critical"],
      },
    ];

    /** A monitor of more than five messages "slow" beside a folder, and the calls of its webhook. */
    async function startWithMonitor(change: object = {}) {
      const calls: [string, string | undefined][] = [];
      const running = await startWithSource(async (url, { body }) => {
        calls.push([url, body]);
        return { status: 200, body: "done" };
      });
      const { call } = running;
      const { body: made } = await call("POST", "v1/connections", connection);
      await call("POST", below, folder);
      const notifications = webhook(made.id);
      const { body } = await call("POST", below, { ...monitor, notifications, ...change });
      const path = `v1/monitors/${body.id}`;
      return { ...running, calls, notifications, path };
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
      expect(sent).to.deep.equal([
        {
          kind: "webhook",
          triggerType: "Critical",
          url: "https://abc.lambda-url.us-east-1.on.aws/",
          payload: '{"type":"Critical","count":"6"}',
          status: 200,
          answer: "done",
        },
      ]);
    });

    it("says nothing when five lines came", async () => {
      const { clock, sumo, take, calls } = await startWithMonitor();
      await take("slow\n".repeat(5));
      clock.advance(3);

      expect(await sumo.evaluateMonitors()).to.deep.equal([]);
      expect(calls).to.deep.equal([]);
    });

    it("does not count lines that were dropped", async () => {
      const { clock, sumo, take } = await startWithMonitor();
      sumo.throttle(1);
      await take("slow\n".repeat(6));
      clock.advance(3);

      expect(await sumo.evaluateMonitors()).to.deep.equal([]);
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

    it("sends no notification of a resolution that nobody asked for", async () => {
      const { clock, sumo, take, calls } = await startWithMonitor();
      await take("slow\n".repeat(6));
      for (let minute = 0; minute < 30; minute++) {
        clock.advance(1);
        await sumo.evaluateMonitors();
      }

      expect(calls).to.have.lengthOf(1);
    });

    it("calls by the connection as it is now", async () => {
      const { clock, sumo, call, take, calls, notifications } = await startWithMonitor();
      const id = notifications[0]?.notification.connectionId;
      const changed = { ...connection, url: "https://new.lambda-url.us-east-1.on.aws/" };
      await call("PUT", `v1/connections/${id}`, changed, { authorization, "if-match": '"1"' });
      await take("slow\n".repeat(6));
      clock.advance(3);

      await sumo.evaluateMonitors();

      expect(calls.map(([url]) => url)).to.deep.equal(["https://new.lambda-url.us-east-1.on.aws/"]);
    });

    it("evaluates each monitor by itself", async () => {
      const { clock, sumo, call, take, notifications } = await startWithMonitor();
      const email = [{ notification: emailNotification, runForTriggerTypes: ["Critical"] }];
      await call("POST", below, { ...monitor, name: "Second", notifications: email });
      await call("POST", below, { ...monitor, name: "Third", notifications });
      await take("slow\n".repeat(6));
      clock.advance(3);

      const sent = await sumo.evaluateMonitors();

      expect(sent.map(({ kind }) => kind)).to.deep.equal(["webhook", "email", "webhook"]);
    });

    it("does not evaluate a monitor that is deleted", async () => {
      const { clock, sumo, call, take, path } = await startWithMonitor();
      await call("DELETE", path);
      await take("slow\n".repeat(6));
      clock.advance(3);

      expect(await sumo.evaluateMonitors()).to.deep.equal([]);
    });

    it("does not evaluate a monitor that is disabled, until it is enabled", async () => {
      const { clock, sumo, call, take, path, notifications } = await startWithMonitor({
        isDisabled: true,
      });
      await take("slow\n".repeat(6));
      clock.advance(3);
      const whileDisabled = await sumo.evaluateMonitors();
      const enabled = { ...monitor, type: "MonitorsLibraryMonitorUpdate", notifications };
      await call(
        "PUT",
        path,
        { ...enabled, isDisabled: false },
        { authorization, "if-match": '"1"' },
      );

      const sent = await sumo.evaluateMonitors();

      expect(whileDisabled).to.deep.equal([]);
      expect(sent).to.have.lengthOf(1);
    });

    const silence = {
      name: "Silence",
      queries: [{ rowId: "A", query: "_sourceCategory=web" }],
      triggers: [missingData, resolvedMissingData],
      notifications: [
        {
          notification: { ...emailNotification, subject: "{{TriggerType}}" },
          runForTriggerTypes: ["MissingData", "ResolvedMissingData"],
        },
      ],
    };

    it("writes an e-mail when no line comes, once, and one with the next line", async () => {
      const { clock, sumo, take } = await startWithMonitor(silence);
      const subjects: [number, string][] = [];
      for (let minute = 0; minute < 40; minute++) {
        if (minute === 0 || minute === 20) await take("line\n");
        clock.advance(1);
        for (const it of await sumo.evaluateMonitors()) {
          subjects.push([minute + 1, it.kind === "email" ? it.subject : it.kind]);
        }
      }

      expect(subjects).to.deep.equal([
        // Before the clock reaches the first line.
        [1, "Missing Data"],
        [2, "ResolvedMissingData"],
        [12, "Missing Data"],
        [22, "ResolvedMissingData"],
        [32, "Missing Data"],
      ]);
    });

    it("never tells missing data by a monitor that is disabled", async () => {
      const { clock, sumo } = await startWithMonitor({ ...silence, isDisabled: true });
      clock.advance(60);

      expect(await sumo.evaluateMonitors()).to.deep.equal([]);
    });

    it("fails when a webhook cannot be called, and says why", async () => {
      const running = await startWithSource(async () => {
        throw new Error("connection refused");
      });
      const { body } = await running.call("POST", "v1/connections", connection);
      await running.call("POST", below, { ...monitor, notifications: webhook(body.id) });
      await running.take("slow\n".repeat(6));
      running.clock.advance(3);

      expect(await errorOf(running.sumo.evaluateMonitors())).to.equal("connection refused");
    });
  });

  it("answers searches to who keeps the cookie", async () => {
    const { call, take } = await startWithSource();
    await take("a\nb\n");
    const query = {
      query: "_sourceCategory=web",
      from: "2026-01-01T12:00:00",
      to: "2026-01-01T12:01:00",
      timeZone: "UTC",
    };

    const { status, headers, body } = await call("POST", "v1/search/jobs", query);

    const [cookie = ""] = headers.getSetCookie();
    const path = `v1/search/jobs/${body.id}`;
    const withCookie = await call("GET", path, undefined, { authorization, cookie });
    expect([status, cookie]).to.deep.equal([202, `SUMO_SESSION=${body.id}; Path=/`]);
    expect((await call("GET", path)).status).to.equal(404);
    expect(withCookie.body.state).to.equal("GATHERING RESULTS");
  });

  it("does not listen any more when it is stopped", async () => {
    const { sumo } = await start();

    sumo.stop();

    expect(await errorOf(fetch(sumo.apiUrl))).to.equal("fetch failed");
  });
});
