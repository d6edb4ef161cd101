import { expect } from "chai";
import {
  connection,
  critical,
  emailNotification,
  missingData,
  monitor,
  resolvedCritical,
  resolvedMissingData,
  rootFolder,
  startApi,
} from "../../sumo-logic/bodies.ts";

const below = (parentId: string) => `v1/monitors?parentId=${parentId}&`;

function post(body: object) {
  return startApi().call("POST", below(rootFolder), body);
}

const postMonitor = (change: object) => post({ ...monitor, ...change });

/** A monitor of one pair of triggers, both with this change. */
const pairOf = (change: object) => ({
  triggers: [
    { ...critical, ...change },
    { ...resolvedCritical, ...change },
  ],
});

const resolution = (change: object) => ({
  triggers: [critical, { ...resolvedCritical, ...change }],
});

const warnings = [
  { ...critical, triggerType: "Warning" },
  { ...resolvedCritical, triggerType: "ResolvedWarning" },
];

const notified = (notification: object, runForTriggerTypes: unknown = ["Critical"]) => ({
  notifications: [{ notification, runForTriggerTypes }],
});

const emailed = (change: object) => notified({ ...emailNotification, ...change });

const ranges = "2m, 5m, 10m, 15m, 30m, 60m, 180m, 360m, 720m, 1440m, 1h, 3h, 6h, 12h, 24h, 1d";
const resolutionWindows = "0m, 5m, 10m, 15m, 30m, 1h, 3h, 6h, 12h, 24h";
const triggerTypes =
  "Critical, Warning, MissingData, ResolvedCritical, ResolvedWarning, ResolvedMissingData";
const thresholdTypes = "LessThan, LessThanOrEqual, GreaterThan, GreaterThanOrEqual";
const names = "two or more characters, no slash, no space at either end";
const aPair = "a pair of alert and resolution";
const noSuchField = "no metadata and no aggregate of Sumo Logic";

describe("libraryKind, with a monitor", () => {
  const right: [string, object][] = [
    ["the pair of a critical alert", {}],
    ["the pair of a warning", { triggers: warnings }],
    ["the pairs of both", { triggers: [critical, resolvedCritical, ...warnings] }],
    ["the pair of missing data", { triggers: [missingData, resolvedMissingData] }],
    [
      "the pairs of a critical alert and of missing data",
      { triggers: [critical, missingData, resolvedMissingData, resolvedCritical] },
    ],
    ["triggers without a field", pairOf({ field: undefined })],
    ["no resolution window", resolution({ resolutionWindow: undefined })],
    ["a threshold of 1000", pairOf({ threshold: 1000 })],
    ["a threshold that is not whole", pairOf({ threshold: 0.5 })],
    ["no group fields", { notificationGroupFields: [] }],
    ["ten group fields", { notificationGroupFields: "a b c d e f g h i j".split(" ") }],
    ["no notifications", { notifications: undefined }],
    ["an e-mail", notified(emailNotification)],
    ["a notification for each type", notified(emailNotification, triggerTypes.split(", "))],
    ["a name of two characters", { name: "ab" }],
    ["a name with a space in it", { name: "a b" }],
    [
      "a query of 15,000 characters",
      { queries: [{ query: `_sourceCategory=web "${"a".repeat(14_978)}"` }] },
    ],
    ["no description", { description: undefined }],
    ...ranges.split(", ").flatMap((timeRange): [string, object][] => [
      [`the time range ${timeRange}`, pairOf({ timeRange })],
      [`the time range -${timeRange}`, pairOf({ timeRange: `-${timeRange}` })],
    ]),
    ...resolutionWindows
      .split(", ")
      .map((resolutionWindow): [string, object] => [
        `the resolution window ${resolutionWindow}`,
        resolution({ resolutionWindow }),
      ]),
    ...thresholdTypes
      .split(", ")
      .map((thresholdType): [string, object] => [
        `the comparison ${thresholdType}`,
        pairOf({ thresholdType }),
      ]),
  ];
  for (const [what, change] of right) {
    it(`accepts ${what}`, () => {
      const { status, message } = postMonitor(change);

      expect([status, message]).to.deep.equal([200, undefined]);
    });
  }

  const wrong: [string, object, string][] = [
    ["no triggers", { triggers: undefined }, "triggers: got undefined; expected at least one"],
    ["an empty list of triggers", { triggers: [] }, "triggers: got []; expected at least one"],
    [
      "an alert without resolution",
      { triggers: [critical] },
      `triggers: got "Critical"; expected ${aPair}`,
    ],
    [
      "a resolution without alert",
      { triggers: [resolvedCritical] },
      `triggers: got "ResolvedCritical"; expected ${aPair}`,
    ],
    [
      "two alerts without resolution",
      { triggers: [critical, critical] },
      `triggers: got "Critical"; expected ${aPair}`,
    ],
    [
      "three triggers of one type",
      { triggers: [critical, resolvedCritical, critical] },
      `triggers: got "Critical"; expected ${aPair}`,
    ],
    [
      "the alert of one type and the resolution of another",
      { triggers: [critical, { ...resolvedCritical, triggerType: "ResolvedWarning" }] },
      `triggers: got "Critical"; expected ${aPair}`,
    ],
    [
      "missing data without resolution",
      { triggers: [critical, resolvedCritical, missingData] },
      `triggers: got "MissingData"; expected ${aPair}`,
    ],
    [
      "different ranges of alert and resolution",
      resolution({ timeRange: "15m" }),
      'timeRange: got "10m"; expected the same for alert and resolution',
    ],
    ...["Crit", "critical", "Missing Data", undefined].map(
      (triggerType): [string, object, string] => [
        `the trigger type ${triggerType}`,
        pairOf({ triggerType }),
        `triggerType: got ${JSON.stringify(triggerType)}; expected one of ${triggerTypes}`,
      ],
    ),
    ...["9m", "1m", "2h", "10", "--10m", "", "10M"].map((timeRange): [string, object, string] => [
      `the time range "${timeRange}"`,
      pairOf({ timeRange }),
      `timeRange: got "${timeRange.replace("-", "")}"; expected one of ${ranges}`,
    ]),
    [
      "no time range",
      pairOf({ timeRange: undefined }),
      `timeRange: got "undefined"; expected one of ${ranges}`,
    ],
    ...["7m", "60m", "1d", "-5m", "5"].map((resolutionWindow): [string, object, string] => [
      `the resolution window ${resolutionWindow}`,
      resolution({ resolutionWindow }),
      `resolutionWindow: got "${resolutionWindow}"; expected one of ${resolutionWindows}`,
    ]),
    [
      "another detection method",
      pairOf({ detectionMethod: "LogsOutlierCondition" }),
      'detectionMethod: got "LogsOutlierCondition"; expected one of LogsStaticCondition, LogsMissingDataCondition',
    ],
    [
      "a critical alert detected as missing data",
      pairOf({ detectionMethod: "LogsMissingDataCondition" }),
      'detectionMethod: got "LogsMissingDataCondition"; expected its own kind',
    ],
    [
      "missing data detected by a threshold",
      {
        triggers: [missingData, resolvedMissingData].map((it) => ({
          ...it,
          detectionMethod: "LogsStaticCondition",
        })),
      },
      'detectionMethod: got "LogsStaticCondition"; expected its own kind',
    ],
    [
      "no threshold, which is how 0 arrives",
      pairOf({ threshold: undefined }),
      "threshold: got undefined; expected a number; 0 is lost on the way",
    ],
    [
      "no threshold of the resolution",
      resolution({ threshold: undefined }),
      "threshold: got undefined; expected a number; 0 is lost on the way",
    ],
    [
      "a threshold as text",
      pairOf({ threshold: "5" }),
      'threshold: got "5"; expected a number; 0 is lost on the way',
    ],
    [
      "a threshold of 1001",
      pairOf({ threshold: 1001 }),
      "threshold: got 1001; expected at most 1,000 for logs",
    ],
    [
      "another comparison",
      pairOf({ thresholdType: "Equal" }),
      `thresholdType: got "Equal"; expected one of ${thresholdTypes}`,
    ],
    [
      "no comparison",
      pairOf({ thresholdType: undefined }),
      `thresholdType: got undefined; expected one of ${thresholdTypes}`,
    ],
    [
      "ungrouped notifications",
      { groupNotifications: false },
      "groupNotifications: got false; expected true",
    ],
    [
      "no word on grouping",
      { groupNotifications: undefined },
      "groupNotifications: got undefined; expected true",
    ],
    [
      "eleven group fields",
      { notificationGroupFields: "a b c d e f g h i j k".split(" ") },
      'notificationGroupFields: got ["a","b","c","d","e","f","g","h","i","j","k"]; expected at most 10',
    ],
    ...["_raw", "_blockid", "_messagetime", "_receipttime", "_messageid", "_count", "_sum"].map(
      (field): [string, object, string] => [
        `the group field ${field}`,
        { notificationGroupFields: ["instance_id", field] },
        `notificationGroupFields: got "${field}"; expected ${noSuchField}`,
      ],
    ),
    [
      "another type of monitor",
      { monitorType: "Metrics" },
      'monitorType: got "Metrics"; expected one of Logs',
    ],
    ["no query", { queries: undefined }, "queries: got undefined; expected one query"],
    ["an empty list of queries", { queries: [] }, "queries: got []; expected one query"],
    [
      "two queries",
      { queries: [{ query: "a" }, { query: "b" }] },
      'queries: got [{"query":"a"},{"query":"b"}]; expected one query',
    ],
    [
      "a query without text",
      { queries: [{ rowId: "A" }] },
      "queries[0].query: got undefined; expected at most 15,000 characters",
    ],
    [
      "a query of 15,001 characters",
      { queries: [{ query: `_sourceCategory=web "${"a".repeat(14_979)}"` }] },
      "queries[0].query: got 15001; expected at most 15,000 characters",
    ],
    [
      "a notification for no type",
      notified(emailNotification, []),
      "runForTriggerTypes: got []; expected at least one",
    ],
    [
      "a notification without types",
      notified(emailNotification, null),
      "runForTriggerTypes: got null; expected at least one",
    ],
    [
      "a notification for a type that does not exist",
      notified(emailNotification, ["Critical", "Crit"]),
      `runForTriggerTypes: got "Crit"; expected one of ${triggerTypes}`,
    ],
    [
      "another kind of notification",
      notified({ connectionType: "Slack" }),
      'connectionType: got "Slack"; expected one of Email, Webhook',
    ],
    [
      "a webhook without connection",
      notified({ connectionType: "Webhook" }),
      "connectionId: got undefined; expected one of ",
    ],
    ["no recipients", emailed({ recipients: [] }), "recipients: got []; expected addresses"],
    [
      "recipients left out",
      emailed({ recipients: undefined }),
      "recipients: got undefined; expected addresses",
    ],
    ["no subject", emailed({ subject: undefined }), "subject: got undefined; expected text"],
    ["an empty text", emailed({ messageBody: "" }), 'messageBody: got ""; expected text'],
    [
      "a playbook of 4,097 characters",
      { playbook: "x".repeat(4_097) },
      "playbook: got 4097; expected a string of at most 4,096 characters",
    ],
    ["no time zone", emailed({ timeZone: undefined }), "timeZone: got undefined; expected text"],
    ...["a", "", "a/b", "/ab", " ab", "ab ", "ab\n", 77, undefined].map(
      (name): [string, object, string] => [
        `the name ${JSON.stringify(name)}`,
        { name },
        `name: got ${JSON.stringify(name)}; expected ${names}`,
      ],
    ),
  ];
  for (const [what, change, error] of wrong) {
    it(`refuses ${what}, naming the field`, () => {
      const { status, code, message } = postMonitor(change);

      expect([status, code]).to.deep.equal([400, "invalid_field"]);
      expect(message).to.equal(error);
    });
  }

  for (const [what, query, error] of [
    ["scope", "*", "the sandbox does not run this query scope: *"],
    [
      "line",
      "_sourceCategory=web\n| count by path",
      "the sandbox does not run this line of a query: | count by path",
    ],
  ] as const) {
    it(`refuses a query with a ${what} that it cannot run, naming it`, () => {
      const { status, code, message } = postMonitor({ queries: [{ rowId: "A", query }] });

      expect([status, code, message]).to.deep.equal([400, "parse.error", error]);
    });
  }

  it("accepts a playbook of 4,096 characters", () => {
    expect(postMonitor({ playbook: "x".repeat(4_096) }).status).to.equal(200);
  });

  it("accepts a webhook of a connection that exists", () => {
    const { call } = startApi();
    const { body } = call("POST", "v1/connections", connection);
    const webhook = { connectionType: "Webhook", connectionId: body.id };

    const { status } = call("POST", below(rootFolder), { ...monitor, ...notified(webhook) });

    expect(status).to.equal(200);
  });

  it("refuses a webhook of a connection that does not exist, naming those that do", () => {
    const { call } = startApi();
    const { body } = call("POST", "v1/connections", connection);
    const webhook = { connectionType: "Webhook", connectionId: "00000000000000C1" };

    const { message } = call("POST", below(rootFolder), { ...monitor, ...notified(webhook) });

    expect(message).to.equal(`connectionId: got "00000000000000C1"; expected one of ${body.id}`);
  });

  it("refuses a webhook of a connection that is deleted", () => {
    const { call } = startApi();
    const { body } = call("POST", "v1/connections", connection);
    call("DELETE", `v1/connections/${body.id}?type=WebhookConnection`);
    const webhook = { connectionType: "Webhook", connectionId: body.id };

    const { status } = call("POST", below(rootFolder), { ...monitor, ...notified(webhook) });

    expect(status).to.equal(400);
  });

  it("validates a change like a new monitor", () => {
    const { call } = startApi();
    const { body } = call("POST", below(rootFolder), monitor);
    const changed = { ...monitor, type: "MonitorsLibraryMonitorUpdate", groupNotifications: false };

    const { status, message } = call("PUT", `v1/monitors/${body.id}`, changed, {
      "if-match": '"1"',
    });

    expect([status, message]).to.deep.equal([400, "groupNotifications: got false; expected true"]);
  });
});
