import { expect } from "chai";
import { startApi } from "../../sumo-logic/bodies.ts";
import type { Item } from "../../sumo-logic/collection.ts";
import { dashboardInputs, dashboardRequest } from "../../sumo-logic/dashboard-requests.ts";
import { dashboard } from "./provider-support.ts";

const body = (): Item => structuredClone(dashboardRequest(dashboard));

/** The response to a dashboard that `change` makes of a valid one. */
function post(change: (it: Item) => void = () => {}) {
  const { api, call } = startApi();
  const changed = body();
  change(changed);
  return { api, call, ...call("POST", "v2/dashboards", changed) };
}

describe("dashboardKind", () => {
  it("returns what it got, with an id, and an empty label map in place of none", () => {
    const { status, body: created } = post();

    expect(status).to.equal(200);
    expect(created.id).to.match(/^[0-9A-F]{16}$/);
    expect(created).to.deep.include({
      title: "Responses",
      topologyLabelMap: { data: {} },
      variables: [],
      coloringRules: [],
    });
  });

  it("puts a dashboard without a folder into the user's own", () => {
    const { body: created } = post((it) => {
      it.folderId = "";
    });

    expect(created.folderId).to.equal("00000000000000AA");
  });

  for (const [what, change, error] of [
    ["an empty title", { title: "" }, 'title: got ""; expected 1 to 255 characters'],
    [
      "a title of 256 characters",
      { title: "x".repeat(256) },
      `title: got "${"x".repeat(256)}"; expected 1 to 255 characters`,
    ],
    [
      "an unknown folder",
      { folderId: "00000000000000AB" },
      'folderId: got "00000000000000AB"; expected one of 00000000000000AA',
    ],
    [
      "another interval of refreshes",
      { refreshInterval: 45 },
      "refreshInterval: got 45; expected one of 0, 30, 60, 120, 300, 900, 3600, 86400",
    ],
    ["another theme", { theme: "Blue" }, 'theme: got "Blue"; expected one of Light, Dark'],
    [
      "an unknown property",
      { name: "x" },
      'dashboard: got ["name"]; expected only id, title, description, folderId, topologyLabelMap, domain, refreshInterval, timeRange, panels, layout, variables, theme, coloringRules',
    ],
    [
      "no time range",
      { timeRange: null },
      "timeRange.type: got undefined; expected one of BeginBoundedTimeRange",
    ],
    ["no panels", { panels: null }, "panels: got null; expected a list"],
  ] as const) {
    it(`refuses ${what}, naming the field`, () => {
      const { api, status, message } = post((it) => Object.assign(it, change));

      expect([status, message]).to.deep.equal([400, error]);
      expect(api.dashboards.items.size).to.equal(0);
    });
  }

  const panel = (change: object) => (it: Item) => Object.assign(it.panels[1], change);
  const query = (change: object) => (it: Item) => Object.assign(it.panels[1].queries[0], change);
  for (const [what, change, error] of [
    ["two panels with one key", panel({ key: "text" }), "panels: got "],
    ["a panel without a place", (it: Item) => it.layout.layoutStructures.pop(), "layout: got 1;"],
    [
      "a place of no panel",
      (it: Item) => {
        it.layout.layoutStructures[1].key = "other";
      },
      'layout.key: got "other"; expected one of text, lines',
    ],
    [
      "a place over the edge",
      (it: Item) => {
        it.layout.layoutStructures[0].structure = '{"x":1,"y":0,"width":24,"height":1}';
      },
      "layout.structure: got ",
    ],
    [
      "an unknown kind of panel",
      panel({ panelType: "Pie" }),
      'panelType: got "Pie"; expected one of',
    ],
    ["an unknown property of a panel", panel({ text: "x" }), 'lines: got ["text"]; expected only'],
    [
      "settings that are no JSON",
      panel({ visualSettings: "line" }),
      'lines.visualSettings: got "line"; expected JSON',
    ],
    [
      "a panel without a query",
      panel({ queries: [] }),
      "lines.queries: got []; expected at least one",
    ],
    [
      "a query of metrics",
      query({ queryType: "Metrics" }),
      'lines.queries.queryType: got "Metrics"; expected one of Logs',
    ],
    [
      "another mode",
      query({ parseMode: "Fast" }),
      'lines.queries.parseMode: got "Fast"; expected one of Auto, Manual',
    ],
    [
      "a query that does not run",
      query({ queryString: "_sourceCategory=web\n| chart" }),
      'lines.queries.queryString: got "the sandbox does not run this line of a query: | chart"; expected a query that runs',
    ],
    [
      "a query of 15,001 characters",
      query({ queryString: "x".repeat(15_001) }),
      "lines.queries.queryString: got 15001; expected at most 15,000",
    ],
  ] as const) {
    it(`refuses ${what}, naming the field`, () => {
      const { status, message } = post(change);

      expect(status).to.equal(400);
      expect(message).to.include(error);
    });
  }
});

describe("the provider's dashboard", () => {
  it("crashes where the API returns no label map, as the real one", () => {
    expect(() => dashboardInputs({ ...body(), topologyLabelMap: null })).to.throw(
      "the provider crashed: topologyLabelMap is null",
    );
  });

  it("reads the labels that the program gave", () => {
    const datas = [{ label: "service", values: ["api"] }];
    const request = dashboardRequest({ ...dashboard, topologyLabelMap: { datas } });

    expect(request.topologyLabelMap).to.deep.equal({ data: { service: ["api"] } });
    expect(dashboardInputs(request).topologyLabelMap).to.deep.equal({ datas });
  });
});
