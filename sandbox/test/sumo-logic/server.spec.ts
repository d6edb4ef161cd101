import { expect } from "chai";
import type { CallUrl } from "../../aws/function-url.ts";
import { VirtualClock } from "../../clock.ts";
import { freePort } from "../../http.ts";
import { connection, folder, monitor, search } from "../../sumo-logic/bodies.ts";
import { startSumoLogic } from "../../sumo-logic/server.ts";
import { errorOf } from "../support.ts";
import { authorization, below, sumoLogicForEach } from "./server-support.ts";

describe("startSumoLogic", () => {
  const { start, startWithSource, stoppedLater } = sumoLogicForEach();

  describe("as an API", () => {
    for (const [what, headers] of [
      ["no credentials", {}],
      ["a wrong key", { authorization: "Basic aWQ6b3RoZXI=" }],
      ["another scheme", { authorization: "Bearer id:key" }],
      ["the credentials in another case", { authorization: "basic aWQ6a2V5" }],
    ] as [string, Record<string, string>][]) {
      for (const path of ["v1/monitors/root", "v1/nothing", "/v1/monitors/root"]) {
        it(`responds with 401 to ${what} at ${path}`, async () => {
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

    it("responds in JSON, with the length of the content", async () => {
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

    it("returns the length of an empty body too", async () => {
      const { call } = await start();
      const { body: created } = await call("POST", below, folder);

      const { status, headers, body } = await call("DELETE", `v1/monitors/${created.id}`);

      expect([status, headers.get("content-length"), body]).to.deep.equal([204, "0", undefined]);
    });

    for (const path of ["/v1/monitors/root", "/api", "/apiv1/monitors/root", "/"]) {
      it(`responds with 501 to a client that asks for ${path}, without /api/`, async () => {
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
      it(`responds with 400 to a body that is ${what}`, async () => {
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

    it("responds with 400, and goes on, when a body has an unexpected shape", async () => {
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

    it("returns an ETag, and accepts it as If-Match", async () => {
      const { call } = await start();
      const { body: created } = await call("POST", "v1/connections", connection);
      const path = `v1/connections/${created.id}`;
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
      const { body: created } = await call("POST", "v1/connections", connection);

      const { status } = await call(
        "DELETE",
        `v1/connections/${created.id}?type=WebhookConnection`,
      );

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
        dashboards: 0,
        collectors: 1,
        sources: 1,
      });
    });

    it("listens on the given port", async () => {
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
});
