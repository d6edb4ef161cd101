import { SNSClient } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { checkLinks } from "../../../operate/drill/drill.ts";
import { links } from "../../../operate/drill/links.ts";
import type { Ports } from "../../../operate/drill/ports.ts";
import { SumoLogicError } from "../../../operate/drill/sumo-logic.ts";
import { awsClient, errorOf, instanceId, ports, stack } from "./support.ts";

function check(name: string, given: Record<string, unknown>): Promise<string> {
  const link = links.find((it) => it.name.includes(name));
  if (!link) throw new Error(`no link ${name}`);
  return link.check(ports(given));
}

const search = { get: async () => ({ queryString: "a query" }) };

describe("the link of the server's lines", () => {
  const rows = (...found: Record<string, string>[]) => ({
    sumoLogic: { ...search, search: async () => found },
  });
  const own = { instance_id: instanceId, path: "/api/data", lines: "7" };

  it("is whole when the instance's lines have a path", async () => {
    expect(await check("server's lines", rows(own))).to.equal("7 of /api/data");
  });

  for (const [what, row] of [
    ["another instance's lines", { ...own, instance_id: "i-01234567" }],
    ["lines without an instance", { ...own, instance_id: "" }],
    ["lines without a path", { ...own, path: "" }],
  ] as const) {
    it(`is broken when there are only ${what}`, async () => {
      expect(await errorOf(check("server's lines", rows(row)))).to.include("docs/logs.md");
    });
  }
});

describe("the link of the HTTP source", () => {
  it("posts one line that no window of the monitor reaches, and finds it", async () => {
    const posted: { url: string; body: string }[] = [];
    const given = {
      post: async (url: string, { body }: { body: string }) => {
        posted.push({ url, body });
        return { status: 200, body: "" };
      },
      sumoLogic: { ...search, search: async () => [{ worst_s: "1767268800" }] },
    };

    await check("HTTP source", given);

    expect(posted.map(({ url }) => url)).to.deep.equal([stack.logSourceUrl]);
    expect(JSON.parse(posted[0]?.body ?? "")).to.deep.equal({
      // 21 minutes ago, while the window is of 10 and the lag of 2 minutes.
      time: "2026-01-01T11:39:00.000Z",
      method: "DRILL",
      path: "/api/data",
      status: "drill",
      // 2026-01-01T12:00:00Z in seconds since 1970.
      response_time_s: 1767268800,
      instance_id: instanceId,
    });
  });

  it("waits for a line that comes late", async () => {
    let asked = 0;
    const given = ports({
      post: async () => ({ status: 200, body: "" }),
      sumoLogic: {
        ...search,
        search: async () => (++asked < 4 ? [] : [{ worst_s: "1.7672688E9" }]),
      },
    });

    await links.find((it) => it.name.includes("HTTP source"))?.check(given);

    expect(given.slept()).to.equal(30_000);
  });

  it("is broken when the search does not find the line in three minutes", async () => {
    const given = {
      post: async () => ({ status: 200, body: "" }),
      sumoLogic: { ...search, search: async () => [{ worst_s: "4.2" }] },
    };

    expect(await errorOf(check("HTTP source", given))).to.include("did not find it in 3 minutes");
  });

  it("does not name the source's address, which is a secret", async () => {
    const error = await errorOf(
      check("HTTP source", { post: async () => ({ status: 401, body: "no" }) }),
    );

    expect(error).to.equal("the HTTP source responded 401 no");
  });
});

describe("the links of the monitors", () => {
  const monitor = (change: object) => ({
    sumoLogic: {
      get: async (path: string) =>
        path.startsWith("v1/connections/")
          ? { url: stack.functionUrl }
          : {
              name: "m",
              isDisabled: false,
              notifications: [{ notification: { connectionId: "1" } }],
              ...change,
            },
    },
  });

  it("is whole when the monitor is enabled and calls the function's URL", async () => {
    expect(await check("latency monitor", monitor({}))).to.equal('"m"');
  });

  for (const [link, change, error] of [
    [
      "latency monitor",
      { isDisabled: true },
      '"m" is disabled: run `pulumi up --refresh`. If nobody disabled it, Sumo Logic did, and the search `_index=sumologic_system_events MonitorSystemDisabled 00000000000000A1` shows why',
    ],
    ["latency monitor", { notifications: [] }, `it calls nothing; expected ${stack.functionUrl}`],
    [
      "missing lines",
      { isDisabled: true },
      '"m" is disabled: run `pulumi up --refresh`. If nobody disabled it, Sumo Logic did, and the search `_index=sumologic_system_events MonitorSystemDisabled 00000000000000A2` shows why',
    ],
    ["missing lines", { notifications: [] }, "it has no recipient"],
  ] as const) {
    it(`says of the ${link}: ${error}`, async () => {
      expect(await errorOf(check(link, monitor(change)))).to.equal(error);
    });
  }
});

describe("the link of the webhook", () => {
  const sumoLogic = {
    get: async (path: string) =>
      path.startsWith("v1/connections/")
        ? { defaultPayload: '{"name":"{{Name}}"}' }
        : { notifications: [{ notification: { connectionId: "1" } }] },
  };

  it("posts the connection's own payload, unrendered, with the token", async () => {
    const posted: unknown[] = [];
    const post = async (url: string, request: object) => {
      posted.push([url, request]);
      return { status: 200, body: '{"outcome":"test"}' };
    };

    expect(await check("webhook", { sumoLogic, post })).to.equal('responded "test"');
    expect(posted).to.deep.equal([
      [
        stack.functionUrl,
        {
          headers: { authorization: "Bearer token-secret", "content-type": "application/json" },
          body: '{"name":"{{Name}}"}',
        },
      ],
    ]);
  });

  for (const [status, body, error] of [
    [401, "", "it responded 401 "],
    [200, '{"outcome":"rebooted"}', 'it responded "rebooted"; expected "test"'],
  ] as const) {
    it(`is broken when the function responds ${status} ${body}`, async () => {
      const post = async () => ({ status, body });

      expect(await errorOf(check("webhook", { sumoLogic, post }))).to.equal(error);
    });
  }
});

describe("the link of the dry run", () => {
  const lambda = (response: object, FunctionError?: string) => ({
    lambda: awsClient({
      InvokeCommand: () => ({
        FunctionError,
        Payload: { transformToString: () => JSON.stringify(response) },
      }),
    }),
  });
  const permitted = { outcome: "dry-run", instanceId, reason: "permitted" };

  it("is whole when EC2 would permit the reboot of this instance", async () => {
    expect(await check("dry run", lambda(permitted))).to.equal("permitted");
  });

  for (const [what, response, error] of [
    ["refuses", { outcome: "failed", reason: "UnauthorizedOperation" }, "UnauthorizedOperation"],
    ["names another instance", { ...permitted, instanceId: "i-0" }, "it would reboot i-0"],
  ] as const) {
    it(`is broken when the function ${what}`, async () => {
      expect(await errorOf(check("dry run", lambda(response)))).to.include(error);
    });
  }

  it("is broken when the function throws", async () => {
    const thrown = lambda({ errorMessage: "boom" }, "Unhandled");

    expect(await errorOf(check("dry run", thrown))).to.include("boom");
  });
});

describe("the link of the subscriptions", () => {
  const a = { Protocol: "email", Endpoint: "a@example.com", SubscriptionArn: "arn:aws:sns:a" };
  const b = { Protocol: "email", Endpoint: "B@example.com", SubscriptionArn: "arn:aws:sns:b" };
  const subscribed = (...Subscriptions: object[]) => ({
    sns: awsClient({ ListSubscriptionsByTopicCommand: () => ({ Subscriptions }) }, SNSClient),
  });

  it("passes when every configured address has confirmed", async () => {
    expect(await check("subscription", subscribed(a, b))).to.equal("a@example.com, b@example.com");
  });

  it("names who has not confirmed", async () => {
    const waiting = { ...b, SubscriptionArn: "PendingConfirmation" };

    expect(await errorOf(check("subscription", subscribed(a, waiting)))).to.equal(
      "b@example.com has not confirmed: find the e-mail from AWS, or run `pulumi up --refresh` after three days",
    );
  });

  for (const [what, ended] of [
    ["is gone", []],
    ["is listed as deleted", [{ ...b, SubscriptionArn: "Deleted" }]],
    ["is one of another protocol", [{ ...b, Protocol: "email-json" }]],
  ] as const) {
    it(`names whose subscription ${what}`, async () => {
      expect(await errorOf(check("subscription", subscribed(a, ...ended)))).to.equal(
        "b@example.com is not subscribed: its subscription was ended or has expired; run `pulumi up --refresh` and confirm again",
      );
    });
  }

  it("passes when a subscription was ended and confirmed again", async () => {
    const ended = { ...b, SubscriptionArn: "Deleted" };

    expect(await check("subscription", subscribed(a, b, ended))).to.equal(
      "a@example.com, b@example.com",
    );
  });
});

describe("checkLinks", () => {
  it("goes on after a broken link, and says what a plan does not allow as not checked", async () => {
    const lines: string[] = [];
    const sumoLogic = {
      get: async () => {
        throw new SumoLogicError(403, "GET v1/logSearches: 403");
      },
    };

    const results = await checkLinks(ports({ sumoLogic }) as Ports, (line) => lines.push(line));

    expect(results.map(({ state }) => state)).to.deep.equal([
      "not checked",
      "broken",
      "not checked",
      "not checked",
      "not checked",
      "not checked",
      "not checked",
      "not checked",
      "broken",
      "broken",
    ]);
    expect(lines).to.have.length(10);
    expect(lines[0]).to.match(
      /^\? the server's lines arrive and have the required fields: Sumo Logic does not allow/,
    );
  });
});
