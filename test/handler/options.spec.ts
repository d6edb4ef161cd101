import { expect } from "chai";
import type { HandlerOptions } from "../../handler/options.ts";
import { loadProgram } from "../../sandbox/program.ts";
import { createHandler, makeHandler } from "./support.ts";

const { optionsFromEnvironment } =
  loadProgram<typeof import("../../handler/environment.ts")>("handler/environment.ts");
const digest = "0".repeat(64);

describe("createHandler", () => {
  for (const [option, value] of [
    ["instanceId", ""],
    ["instanceId", "i-012345678"],
    ["instanceId", "i-0123456789ABCDEF0"],
    ["instanceId", "i-0123456789abcdef0,i-0123456789abcdef1"],
    ["instanceId", "*"],
    ["topicArn", ""],
    ["topicArn", "arn:aws:sqs:us-east-1:111122223333:topic"],
    ["topicArn", "arn:aws:sns:us-east-1:111122223333:*"],
    ["tokenDigests", []],
    ["tokenDigests", [""]],
    ["tokenDigests", [digest, digest, digest]],
    ["tokenDigests", [digest, "short"]],
    ["tokenDigests", digest],
    ["alertRule", ""],
    ["logGroupName", undefined],
    ["limits", { tableName: "", cooldownMinutes: 30, maxRebootsPerDay: 3 }],
    ["limits", { tableName: "table", cooldownMinutes: 0, maxRebootsPerDay: 3 }],
    ["limits", { tableName: "table", cooldownMinutes: Number.NaN, maxRebootsPerDay: 3 }],
    [
      "limits",
      { tableName: "table", cooldownMinutes: Number.POSITIVE_INFINITY, maxRebootsPerDay: 3 },
    ],
    ["limits", { tableName: "table", cooldownMinutes: 30, maxRebootsPerDay: 0 }],
    ["limits", { tableName: "table", cooldownMinutes: 30, maxRebootsPerDay: 11 }],
    [
      "limits",
      { tableName: "table", cooldownMinutes: 30, maxRebootsPerDay: Number.POSITIVE_INFINITY },
    ],
    ["now", undefined],
    ["wait", undefined],
    ["createClients", undefined],
    ["log", "console"],
  ] as [keyof HandlerOptions, unknown][]) {
    it(`throws at once, naming ${option}, when that is ${JSON.stringify(value)}`, () => {
      const options = { [option]: value } as Partial<HandlerOptions>;

      expect(() => makeHandler({ options })).to.throw(`- ${option}: got `);
    });
  }

  it("takes an old instance id of eight digits and one digest", () => {
    const options = { instanceId: "i-01234567", tokenDigests: [digest] };

    expect(() => makeHandler({ options })).not.to.throw();
  });

  it("names every wrong option in one error, with the variable to set", () => {
    const options = optionsFromEnvironment({});

    for (const variable of [
      "INSTANCE_ID",
      "TOPIC_ARN",
      "TOKEN_SHA256",
      "ALERT_RULE",
      "LOG_GROUP",
    ]) {
      expect(() => createHandler(options)).to.throw(`(variable ${variable}`);
    }
  });
});

describe("optionsFromEnvironment", () => {
  it("reads each option from its variable", () => {
    const { createClients, log, now, wait, ...values } = optionsFromEnvironment({
      INSTANCE_ID: "i-01234567",
      TOPIC_ARN: "arn:aws:sns:us-east-1:111122223333:topic",
      TOKEN_SHA256: `${digest},${"1".repeat(64)}`,
      ALERT_RULE: "rule",
      LOG_GROUP: "group",
      TABLE_NAME: "table",
      COOLDOWN_MINUTES: "30",
      MAX_REBOOTS_PER_DAY: "3",
    });

    expect(values).to.deep.equal({
      instanceId: "i-01234567",
      topicArn: "arn:aws:sns:us-east-1:111122223333:topic",
      tokenDigests: [digest, "1".repeat(64)],
      alertRule: "rule",
      logGroupName: "group",
      limits: { tableName: "table", cooldownMinutes: 30, maxRebootsPerDay: 3 },
    });
    for (const it of [createClients, log, now, wait]) expect(typeof it).to.equal("function");
  });
});
