import { expect } from "chai";
import { startProvider } from "../engine/provider-client.ts";
import { stopAfterEach } from "../support.ts";
import { collector, providerForEach, source, typeOf } from "./provider-support.ts";

describe("sumologicProvider", () => {
  const stoppedLater = stopAfterEach();
  const start = providerForEach();

  describe("Collector", () => {
    const response = () => ({
      headers: { etag: '"7"' },
      body: JSON.stringify({ collector: { ...collector, id: 123456789, timeZone: "Etc/UTC" } }),
    });
    const wire = {
      collectorType: "Hosted",
      timeZone: "Etc/UTC",
      ephemeral: false,
      name: "reboot-automation",
      description: "Managed by Pulumi",
    };

    it("posts it in an envelope, and has its number as text for an id", async () => {
      const { provider, routes, lastBody } = await start(response);

      const created = await typeOf(provider, "Collector").create(collector);

      expect(created).to.deep.equal({ id: "123456789", outputs: collector });
      expect(routes()).to.deep.equal([
        "POST /api/v1/collectors",
        "GET /api/v1/collectors/123456789",
      ]);
      expect(lastBody()).to.deep.equal({ collector: wire });
    });

    it("reads what the program sets", async () => {
      const { provider, routes } = await start(() => ({
        body: '{"collector":{"id":123456789,"name":"changed","timeZone":"Etc/UTC"}}',
      }));

      const read = await typeOf(provider, "Collector").read("123456789", collector);

      expect(read).to.deep.equal({ name: "changed", description: null });
      expect(routes()).to.deep.equal(["GET /api/v1/collectors/123456789"]);
    });

    it("reads nothing when it is gone", async () => {
      const { provider } = await start(() => ({ status: 404 }));

      expect(await typeOf(provider, "Collector").read("123456789", collector)).to.equal(undefined);
    });

    it("puts with the id as a number, and with the ETag of a GET before", async () => {
      const { api, provider, routes, lastBody } = await start(response);

      await typeOf(provider, "Collector").update("123456789", collector, collector);

      expect(routes()).to.deep.equal([
        "GET /api/v1/collectors/123456789",
        "PUT /api/v1/collectors/123456789",
        "GET /api/v1/collectors/123456789",
      ]);
      expect(api.requests[1]?.headers["if-match"]).to.equal('"7"');
      expect(lastBody()).to.deep.equal({ collector: { ...wire, id: 123456789 } });
    });

    it("deletes it", async () => {
      const { provider, routes } = await start();

      await typeOf(provider, "Collector").delete("123456789", collector);

      expect(routes()).to.deep.equal(["DELETE /api/v1/collectors/123456789"]);
    });

    it("has a name that the program gives, and no automatic one", async () => {
      const { provider } = await start();

      expect(typeOf(provider, "Collector").autoName).to.equal(undefined);
    });
  });

  describe("HttpSource", () => {
    const outputs = {
      url: "https://endpoint.sumologic.com/receiver/v1/http/TOKEN",
      token: "TOKEN",
      baseUrl: "https://endpoint.sumologic.com/receiver/v1/http",
    };
    const { collectorId: _, ...ownInputs } = source;
    const response = () => ({
      headers: { etag: '"7"' },
      body: JSON.stringify({ source: { ...ownInputs, ...outputs, id: 987654321 } }),
    });
    const wire = {
      sourceType: "HTTP",
      automaticDateParsing: true,
      useAutolineMatching: true,
      forceTimeZone: false,
      messagePerRequest: false,
      name: "access-log",
      description: "Managed by Pulumi",
      category: "web/access",
      multilineProcessingEnabled: false,
    };

    it("posts it below its collector, and has its addresses as outputs", async () => {
      const { provider, routes, lastBody } = await start(response);

      const created = await typeOf(provider, "HttpSource").create(source);

      expect(created).to.deep.equal({ id: "987654321", outputs: { ...source, ...outputs } });
      expect(routes()).to.deep.equal([
        "POST /api/v1/collectors/123456789/sources",
        "GET /api/v1/collectors/123456789/sources/987654321",
      ]);
      expect(lastBody()).to.deep.equal({ source: wire });
    });

    it("reads what the program sets, and the addresses", async () => {
      const { provider, routes } = await start(() => ({
        body: JSON.stringify({
          source: { ...ownInputs, ...outputs, id: 987654321, category: "a" },
        }),
      }));

      const read = await typeOf(provider, "HttpSource").read("987654321", source);

      expect(read).to.deep.equal({ ...source, ...outputs, category: "a" });
      expect(routes()).to.deep.equal(["GET /api/v1/collectors/123456789/sources/987654321"]);
    });

    it("reads nothing when it is gone", async () => {
      const { provider } = await start(() => ({ status: 404 }));

      expect(await typeOf(provider, "HttpSource").read("987654321", source)).to.equal(undefined);
    });

    it("puts with the id as a number, and with the ETag of a GET before", async () => {
      const { api, provider, routes, lastBody } = await start(response);

      await typeOf(provider, "HttpSource").update("987654321", source, source);

      expect(routes()).to.deep.equal([
        "GET /api/v1/collectors/123456789/sources/987654321",
        "PUT /api/v1/collectors/123456789/sources/987654321",
        "GET /api/v1/collectors/123456789/sources/987654321",
      ]);
      expect(api.requests[1]?.headers["if-match"]).to.equal('"7"');
      expect(lastBody()).to.deep.equal({ source: { ...wire, id: 987654321 } });
    });

    it("deletes it below its collector", async () => {
      const { provider, routes } = await start();

      await typeOf(provider, "HttpSource").delete("987654321", { ...source, ...outputs });

      expect(routes()).to.deep.equal(["DELETE /api/v1/collectors/123456789/sources/987654321"]);
    });

    /** The engine's view of the type. */
    async function serve() {
      const { provider } = await start(response);
      const resources = { "test:index:Thing": typeOf(provider, "HttpSource") };
      return stoppedLater(await startProvider({ ...provider, resources }));
    }

    it("is replaced when its collector changes", async () => {
      const engine = await serve();

      const { changed, replaces } = await engine.diff(source, { ...source, collectorId: 2 });

      expect({ changed, replaces }).to.deep.equal({
        changed: ["collectorId"],
        replaces: ["collectorId"],
      });
    });

    it("gets an automatic name where the program gives none", async () => {
      const engine = await serve();
      const { name: _, ...unnamed } = source;

      const { inputs } = await engine.check(unnamed);

      expect(inputs?.name).to.match(/^it-[0-9a-f]{7}$/);
    });

    it("is changed in place when anything else changes", async () => {
      const engine = await serve();

      const { changed, replaces } = await engine.diff(source, {
        ...source,
        name: "other",
        description: "other",
        category: "other",
        multilineProcessingEnabled: true,
      });

      expect(changed).to.deep.equal([
        "category",
        "description",
        "multilineProcessingEnabled",
        "name",
      ]);
      expect(replaces).to.deep.equal([]);
    });

    // As the real provider: the program must name them in additionalSecretOutputs.
    it("marks none of its addresses secret by itself", async () => {
      const engine = await serve();

      const { properties } = await engine.create(source);

      expect(properties).to.deep.equal({ ...source, ...outputs });
    });

    it("keeps its addresses in a change", async () => {
      const engine = await serve();

      const changed = await engine.update("987654321", { ...source, ...outputs }, source);

      expect(changed).to.deep.equal({ ...source, ...outputs });
    });

    for (const property of ["url", "contentType", "filters", "fields"]) {
      it(`refuses the property ${property}, which the program does not use`, async () => {
        const engine = await serve();

        const { failures } = await engine.check({ ...source, [property]: "a" });

        expect(failures.map((it) => it.property)).to.deep.equal([property]);
      });
    }
  });
});
