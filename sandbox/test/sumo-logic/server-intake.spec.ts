import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect } from "chai";
import { collector, source } from "../../sumo-logic/bodies.ts";
import { authorization, sumoLogicForEach } from "./server-support.ts";

describe("startSumoLogic", () => {
  const { startWithSource } = sumoLogicForEach();

  describe("as an intake of logs", () => {
    it("accepts lines at the URL of a source without credentials, into its category", async () => {
      const { take, logged } = await startWithSource();

      expect(await take("a\r\nb\n\n")).to.equal(200);
      expect(await logged()).to.deep.equal([
        ["a", Date.parse("2026-01-01T12:00:00Z")],
        ["b", Date.parse("2026-01-01T12:00:00Z")],
      ]);
    });

    it("responds with an empty body, with its length", async () => {
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

    it("uses the clock's time if a line has none, and the line's time if it has one", async () => {
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
      it(`accepts ${what}`, async () => {
        const { take, logged } = await startWithSource();

        expect(await take(body, headers)).to.equal(200);
        expect((await logged()).map(([raw]: string[]) => raw)).to.deep.equal(["a"]);
      });
    }

    for (const [what, headers, status] of [
      ["what is not the gzip that it says", { "content-encoding": "gzip" }, 400],
      ["an unknown encoding", { "content-encoding": "br" }, 415],
    ] as [string, Record<string, string>, number][]) {
      it(`responds with ${status} to ${what}, and ingests nothing`, async () => {
        const { take, logged } = await startWithSource();

        expect(await take("a\n", headers)).to.equal(status);
        expect(await logged()).to.deep.equal([]);
      });
    }

    it("accepts another category in a header", async () => {
      const { take, logged } = await startWithSource();

      await take("a\n", { "x-sumo-category": "web/new" });

      expect(await logged()).to.deep.equal([]);
      expect(await logged("web/new")).to.have.lengthOf(1);
    });

    for (const end of ["", "/", "/?a=b"]) {
      it(`accepts the token as a header when the URL ends in "http${end}"`, async () => {
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
      it(`responds with 401 to ${what}, and ingests nothing`, async () => {
        const { baseUrl, take, logged } = await startWithSource();

        expect(await take("a\n", headers, baseUrl + path)).to.equal(401);
        expect(await logged()).to.deep.equal([]);
      });
    }

    it("responds with 401 to the URL's token in another case, or cut", async () => {
      const { baseUrl, token, take } = await startWithSource();

      expect(await take("a\n", {}, baseUrl + token.slice(1))).to.equal(401);
      expect(await take("a\n", {}, `${baseUrl + token}/`)).to.equal(401);
    });

    it("responds with 401 when the source is gone", async () => {
      const { call, take, sumo } = await startWithSource();
      const { body } = await call("POST", "v1/collectors", {
        collector: { ...collector, name: "other" },
      });
      const path = `v1/collectors/${body.collector.id}`;
      const created = await call("POST", `${path}/sources`, { source });
      await call("DELETE", path);

      expect(await take("a\n", {}, created.body.source.url)).to.equal(401);
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
      it(`responds with 405 to ${method}`, async () => {
        const { url } = await startWithSource();

        const { status } = await fetch(url, { method });

        expect(status).to.equal(405);
      });
    }

    it("drops the given number of requests with 429, and accepts them when they are sent again", async () => {
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
});
