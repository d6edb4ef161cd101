import { expect } from "chai";
import { type Call, collector, source, startApi } from "../../sumo-logic/bodies.ts";

function createCollector(call: Call, name = "reboot-automation") {
  const { body } = call("POST", "v1/collectors", { collector: { ...collector, name } });
  return `v1/collectors/${body.collector.id}`;
}

function createSource(call: Call, collectorPath: string, change: object = {}) {
  const { body } = call("POST", `${collectorPath}/sources`, { source: { ...source, ...change } });
  return { ...body.source, path: `${collectorPath}/sources/${body.source.id}` };
}

describe("collectorKind", () => {
  it("returns in an envelope, with the id as a number", () => {
    const { body } = startApi().call("POST", "v1/collectors", { collector });

    expect(Object.keys(body)).to.deep.equal(["collector"]);
    expect(body.collector.id).to.be.a("number").within(100_000_000, 999_999_999);
  });

  for (const [what, body, error] of [
    ["no envelope", collector, "collectorType: got undefined; expected one of Hosted"],
    [
      "another type",
      { collector: { ...collector, collectorType: "Installable" } },
      'collectorType: got "Installable"; expected one of Hosted',
    ],
    [
      "no name",
      { collector: { ...collector, name: undefined } },
      "name: got undefined; expected 1 to 128 characters",
    ],
    [
      "an empty name",
      { collector: { ...collector, name: "" } },
      'name: got ""; expected 1 to 128 characters',
    ],
    [
      "a number as name",
      { collector: { ...collector, name: 7 } },
      "name: got 7; expected 1 to 128 characters",
    ],
  ] as const) {
    it(`refuses a collector with ${what}, naming the field`, () => {
      const { api, call } = startApi();

      const { status, message } = call("POST", "v1/collectors", body);

      expect([status, message]).to.deep.equal([400, error]);
      expect(api.collectors.items.size).to.equal(0);
    });
  }

  it("refuses a name that another collector has", () => {
    const { call } = startApi();
    createCollector(call);

    const { status, message } = call("POST", "v1/collectors", { collector });

    expect([status, message]).to.deep.equal([
      400,
      'name: got "reboot-automation"; expected one that is not taken',
    ]);
  });

  it("accepts its current name in a change", () => {
    const { call } = startApi();
    const path = createCollector(call);

    const { status } = call("PUT", path, { collector }, { "if-match": '"1"' });

    expect(status).to.equal(200);
  });

  it("refuses another collector's name in a change", () => {
    const { call } = startApi();
    createCollector(call);
    const path = createCollector(call, "other");

    const { status } = call("PUT", path, { collector }, { "if-match": '"1"' });

    expect(status).to.equal(400);
  });

  it("is deleted together with its sources, and no others", () => {
    const { api, call } = startApi();
    const path = createCollector(call);
    createSource(call, path);
    createSource(call, path, { name: "second" });
    const other = createSource(call, createCollector(call, "other"));

    call("DELETE", path);

    expect([...api.sources.items.keys()]).to.deep.equal([String(other.id)]);
    expect(api.collectors.items.size).to.equal(1);
  });

  it("keeps its sources when it is read or changed", () => {
    const { api, call } = startApi();
    const path = createCollector(call);
    createSource(call, path);

    call("GET", path);
    call("PUT", path, { collector }, { "if-match": '"1"' });

    expect(api.sources.items.size).to.equal(1);
  });

  it("gives its name free when it is deleted", () => {
    const { call } = startApi();
    call("DELETE", createCollector(call));

    const { status } = call("POST", "v1/collectors", { collector });

    expect(status).to.equal(200);
  });
});

describe("sourceKind", () => {
  it("returns a URL that holds the token, and the same address without it", () => {
    const { call } = startApi();
    const collectorPath = createCollector(call);

    const { body } = call("POST", `${collectorPath}/sources`, { source });

    const { id, token, collectorId, ...others } = body.source;
    expect(id).to.be.a("number").within(100_000_000, 999_999_999);
    expect(token).to.match(/^[0-9A-F]{32}$/);
    expect(`v1/collectors/${collectorId}`).to.equal(collectorPath);
    expect(others).to.deep.equal({
      ...source,
      url: `http://127.0.0.1:8/receiver/v1/http/${token}`,
      baseUrl: "http://127.0.0.1:8/receiver/v1/http/",
    });
  });

  it("keeps its URL and token in a change", () => {
    const { call } = startApi();
    const { path, token, url, baseUrl } = createSource(call, createCollector(call));

    const { body } = call(
      "PUT",
      path,
      { source: { ...source, category: "web/access" } },
      { "if-match": '"1"' },
    );

    expect(body.source).to.include({ token, url, baseUrl, category: "web/access" });
  });

  it("gives each source a different token", () => {
    const { call } = startApi();
    const collectorPath = createCollector(call);

    const tokens = ["first", "second"].map(
      (name) => createSource(call, collectorPath, { name }).token,
    );

    expect(new Set(tokens)).to.have.lengthOf(2);
  });

  it("accepts a source without category, which the shipper may send instead", () => {
    const { call } = startApi();

    const { id } = createSource(call, createCollector(call), { category: undefined });

    expect(id).to.be.a("number");
  });

  for (const [what, change, error] of [
    ["another type", { sourceType: "Syslog" }, 'sourceType: got "Syslog"; expected one of HTTP'],
    ["no type", { sourceType: undefined }, "sourceType: got undefined; expected one of HTTP"],
    [
      "messages of several lines",
      { multilineProcessingEnabled: true },
      "multilineProcessingEnabled: got true; expected one of false",
    ],
    [
      "messages of several lines, which is the default",
      { multilineProcessingEnabled: undefined },
      "multilineProcessingEnabled: got undefined; expected one of false",
    ],
    [
      "one message a request",
      { messagePerRequest: true },
      "messagePerRequest: got true; expected one of false",
    ],
    [
      "the time of receipt for all",
      { automaticDateParsing: false },
      "automaticDateParsing: got false; expected one of true",
    ],
    ["no name", { name: undefined }, "name: got undefined; expected 1 to 128 characters"],
    ["an empty name", { name: "" }, 'name: got ""; expected 1 to 128 characters'],
  ] as const) {
    it(`refuses a source with ${what}, naming the field`, () => {
      const { api, call } = startApi();
      const path = createCollector(call);

      const { status, message } = call("POST", `${path}/sources`, {
        source: { ...source, ...change },
      });

      expect([status, message]).to.deep.equal([400, error]);
      expect(api.sources.items.size).to.equal(0);
    });
  }

  it("refuses a name that another source of the collector has", () => {
    const { call } = startApi();
    const path = createCollector(call);
    createSource(call, path);

    const { status, message } = call("POST", `${path}/sources`, { source });

    expect([status, message]).to.deep.equal([
      400,
      'name: got "access-log"; expected one that is not taken',
    ]);
  });

  it("accepts a name that a source of another collector has", () => {
    const { api, call } = startApi();
    createSource(call, createCollector(call));

    createSource(call, createCollector(call, "other"));

    expect(api.sources.items.size).to.equal(2);
  });

  for (const [method, path] of [
    ["POST", "v1/collectors/9/sources"],
    ["GET", "v1/collectors/9/sources/8"],
    ["PUT", "v1/collectors/9/sources/8"],
    ["DELETE", "v1/collectors/9/sources/8"],
  ] as const) {
    it(`responds with 404 to ${method} below a collector that does not exist`, () => {
      const { status, code, message } = startApi().call(method, path, { source });

      expect([status, code, message]).to.deep.equal([404, "not_found", `there is no ${path}`]);
    });
  }

  for (const method of ["GET", "PUT", "DELETE"]) {
    it(`responds with 404 to ${method} below another collector`, () => {
      const { api, call } = startApi();
      const { id } = createSource(call, createCollector(call));
      const other = createCollector(call, "other");

      const { status } = call(method, `${other}/sources/${id}`, { source }, { "if-match": '"1"' });

      expect(status).to.equal(404);
      expect(api.sources.items.size).to.equal(1);
    });
  }
});
