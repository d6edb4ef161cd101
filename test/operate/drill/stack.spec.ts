import { expect } from "chai";
import { drilledStack } from "../../../operate/drill/stack.ts";
import { group, stack } from "./support.ts";

const {
  webhookToken,
  notificationEmails,
  sumoLogic,
  instanceIds: _ids,
  silenceMonitorIds: _monitors,
  ...others
} = stack;
const outputsOf = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, secret: false }]),
  );
const outputs = outputsOf({
  ...others,
  instanceId: "i-0123456789abcdef0",
  silenceMonitorId: "00000000000000A2",
});
const config = {
  "aws:region": { value: "us-east-1" },
  "reboot-automation:webhookToken": { value: webhookToken, secret: true },
  "reboot-automation:notificationEmail": { value: "a@example.com, b@example.com" },
  "sumologic:accessId": { value: sumoLogic.accessId, secret: true },
  "sumologic:accessKey": { value: sumoLogic.accessKey, secret: true },
};

describe("drilledStack", () => {
  it("is made of the stack's outputs and settings", () => {
    expect(notificationEmails).to.have.length(2);
    expect(drilledStack("reboot-automation", outputs, config, {})).to.deep.equal(stack);
  });

  it("has the instances, silence monitors, health checks and target group of a group", () => {
    const { instanceIds, silenceMonitorIds, checks, targetGroupArn = "" } = group;
    const ofGroup = outputsOf({ ...others, instanceIds, silenceMonitorIds, checks });
    const settings = { ...config, "reboot-automation:targetGroupArn": { value: targetGroupArn } };

    expect(drilledStack("reboot-automation", ofGroup, settings, {})).to.deep.equal(group);
  });

  it("names what is missing of a group", () => {
    const ofGroup = outputsOf({ ...others, instanceIds: group.instanceIds });

    expect(() => drilledStack("reboot-automation", ofGroup, config, {})).to.throw(
      "the stack lacks output silenceMonitorIds, output checks: run `pulumi up` with this version",
    );
  });

  for (const [environment, url] of [
    ["us1", "https://api.sumologic.com/api/"],
    ["us2", "https://api.us2.sumologic.com/api/"],
    ["eu", "https://api.eu.sumologic.com/api/"],
  ] as const) {
    it(`finds Sumo Logic's API of ${environment}`, () => {
      const settings = { ...config, "sumologic:environment": { value: environment } };

      const { sumoLogic: found } = drilledStack("reboot-automation", outputs, settings, {});

      expect(found.baseUrl).to.equal(url);
    });
  }

  it("prefers the base URL to the environment", () => {
    const settings = {
      ...config,
      "sumologic:environment": { value: "eu" },
      "sumologic:baseUrl": { value: "http://127.0.0.1:1/api/" },
    };

    expect(drilledStack("reboot-automation", outputs, settings, {}).sumoLogic.baseUrl).to.equal(
      "http://127.0.0.1:1/api/",
    );
  });

  it("reads Sumo Logic's access from the environment if the stack has none", () => {
    const { "sumologic:accessId": _id, "sumologic:accessKey": _key, ...settings } = config;

    const { sumoLogic: found } = drilledStack("reboot-automation", outputs, settings, {
      SUMOLOGIC_ACCESSID: "id",
      SUMOLOGIC_ACCESSKEY: "key-secret",
      SUMOLOGIC_ENVIRONMENT: "de",
    });

    expect(found).to.deep.equal({
      baseUrl: "https://api.de.sumologic.com/api/",
      accessId: "id",
      accessKey: "key-secret",
    });
  });

  it("names everything that is missing in one error", () => {
    const { monitorId: _monitor, ...fewer } = outputs;

    expect(() => drilledStack("reboot-automation", fewer, {}, {})).to.throw(
      "the stack lacks output monitorId, setting reboot-automation:webhookToken, " +
        "setting reboot-automation:notificationEmail, " +
        "setting sumologic:accessId, setting sumologic:accessKey: run `pulumi up` with this version",
    );
  });
});
