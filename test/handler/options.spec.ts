import { expect } from "chai";
import type { DeployedOptions } from "../../handler/options.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { createHandler, functionVariables, makeHandler } from "./support.ts";

const { optionsFromEnvironment } =
  loadProgram<typeof import("../../handler/environment.ts")>("handler/environment.ts");
const checks = { checkEveryMinutes: 3, maxChecks: 8 };
const digest = "0".repeat(64);

describe("createHandler", () => {
  for (const [option, value] of [
    ["instanceIds", [""]],
    ["instanceIds", []],
    ["instanceIds", ["i-012345678"]],
    ["instanceIds", ["i-0123456789ABCDEF0"]],
    ["instanceIds", ["i-0123456789abcdef0", "i-0123456789abcdef1"]],
    ["instanceIds", ["*"]],
    ["topicArn", ""],
    ["topicArn", "arn:aws:sqs:us-east-1:111122223333:topic"],
    ["topicArn", "arn:aws:sns:us-east-1:111122223333:*"],
    ["tokenDigests", []],
    ["tokenDigests", [""]],
    ["tokenDigests", [digest, digest, digest]],
    ["tokenDigests", [digest, "short"]],
    ["tokenDigests", digest],
    ["alertRule", ""],
    ["alertSymptom", ""],
    ["logGroupName", undefined],
    ["tableName", ""],
    ["limits", { cooldownMinutes: 0, maxRebootsPerDay: 3 }],
    ["limits", { cooldownMinutes: Number.NaN, maxRebootsPerDay: 3 }],
    ["limits", { cooldownMinutes: Number.POSITIVE_INFINITY, maxRebootsPerDay: 3 }],
    ["limits", { cooldownMinutes: 30, maxRebootsPerDay: 0 }],
    ["limits", { cooldownMinutes: 30, maxRebootsPerDay: 11 }],
    ["limits", { cooldownMinutes: 30, maxRebootsPerDay: Number.POSITIVE_INFINITY }],
    ["functionName", ""],
    ["queueUrl", ""],
    ["queueUrl", "checks"],
    ["queueArn", ""],
    ["queueArn", "arn:aws:sns:us-east-1:111122223333:checks"],
    ["queueArn", "arn:aws:sqs:us-east-1:111122223333:*"],
    ["checks", { ...checks, checkEveryMinutes: 0 }],
    ["checks", { ...checks, checkEveryMinutes: 16 }],
    ["checks", { ...checks, checkEveryMinutes: 2.5 }],
    ["checks", { ...checks, checkEveryMinutes: Number.NaN }],
    ["checks", { ...checks, maxChecks: 1 }],
    ["checks", { ...checks, maxChecks: 201 }],
    ["checks", { ...checks, maxChecks: Number.POSITIVE_INFINITY }],
    ["now", undefined],
    ["wait", undefined],
    ["writeLine", undefined],
    ["log", "console"],
  ] as [keyof DeployedOptions, unknown][]) {
    it(`throws at once, naming ${option}, when that is ${JSON.stringify(value)}`, () => {
      const options = { [option]: value } as Partial<DeployedOptions>;

      expect(() => makeHandler({ options })).to.throw(`- ${option}: got `);
    });
  }

  it("accepts an old instance id of eight digits and one digest", () => {
    const options = { instanceIds: ["i-01234567"], tokenDigests: [digest] };

    expect(() => makeHandler({ options })).not.to.throw();
  });

  for (const [checkEveryMinutes, maxChecks] of [
    [1, 2],
    [15, 100],
  ] as const) {
    it(`accepts ${maxChecks} checks every ${checkEveryMinutes} minutes`, () => {
      const options = { checks: { ...checks, checkEveryMinutes, maxChecks } };

      expect(() => makeHandler({ options })).not.to.throw();
    });
  }

  it("names every wrong option in one error, with the variable to set", () => {
    const options = optionsFromEnvironment({});

    for (const variable of [
      "(variable INSTANCE_ID)",
      "(variable TOPIC_ARN)",
      "(variable TOKEN_SHA256, separated by commas)",
      "(variable MONITOR_NAME)",
      "(variable ALERT_RULE)",
      "(variable ALERT_SYMPTOM)",
      "(variable LOG_GROUP)",
      "(variable AWS_LAMBDA_FUNCTION_NAME)",
      "(variable TABLE_NAME)",
      "(COOLDOWN_MINUTES)",
      "(MAX_REBOOTS_PER_DAY)",
      "(variable QUEUE_URL)",
      "(variable QUEUE_ARN)",
      "(CHECK_EVERY_MINUTES)",
      "(MAX_CHECKS)",
    ]) {
      expect(() => createHandler(options)).to.throw(variable);
    }
  });
});

describe("optionsFromEnvironment", () => {
  for (const [QUIET_HOURS, expected] of [
    [undefined, undefined],
    ["Sat 02:00-04:00 UTC", 1],
    ["rubbish", "unreadable"],
    ["", "unreadable"],
  ] as const) {
    it(`reads the quiet hours ${QUIET_HOURS}, and throws nothing`, () => {
      const { quietHours } = optionsFromEnvironment({
        ...functionVariables,
        ...(QUIET_HOURS !== undefined && { QUIET_HOURS }),
      });

      expect(typeof quietHours === "object" ? quietHours.length : quietHours).to.equal(expected);
    });
  }

  it("reads each option from its variable", () => {
    const { clients, log, writeLine, now, wait, ...values } = optionsFromEnvironment({
      ...functionVariables,
      TOKEN_SHA256: `${digest},${"1".repeat(64)}`,
    });

    expect(values).to.deep.equal({
      instanceIds: ["i-0123456789abcdef0"],
      topicArn: "arn:aws:sns:us-east-1:111122223333:topic",
      tokenDigests: [digest, "1".repeat(64)],
      monitorName: "monitor",
      alertRule: "rule",
      alertSymptom: "slow responses",
      logGroupName: "group",
      functionName: "reboot",
      tableName: "table",
      limits: { cooldownMinutes: 30, maxRebootsPerDay: 3 },
      queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/checks",
      queueArn: "arn:aws:sqs:us-east-1:111122223333:checks",
      checks: { checkEveryMinutes: 3, maxChecks: 8 },
    });
    for (const it of [...Object.values(clients), log, writeLine, now, wait])
      expect(typeof it).to.equal("function");
  });
});
