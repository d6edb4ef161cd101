import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

interface Project {
  readonly name: string;
  readonly config: Record<string, { default?: string | number | boolean; value?: string }>;
  readonly packages: Record<string, { source: string; version: string; parameters: string[] }>;
}

const project = yaml.load(read("Pulumi.yaml")) as Project;
const stack = yaml.load(read("Pulumi.dev.yaml")) as {
  config: Record<string, unknown>;
  secretsprovider?: string;
  encryptionsalt?: string;
};

const deployed = { project: project.name, stack: "dev" };

describe("Pulumi.yaml", () => {
  it("has the defaults that people know", () => {
    const own = Object.entries(project.config).filter(([key]) => !key.includes(":"));

    expect(Object.fromEntries(own.map(([key, { default: preset }]) => [key, preset]))).to.include({
      notificationEmail: "",
      slackWorkspaceId: "",
      slackChannelId: "",
      teamsTenantId: "",
      teamsTeamId: "",
      teamsChannelId: "",
      pagerDutyRoutingKey: "",
      eventBusArn: "",
      webhookToken: "",
      webhookTokenPrevious: "",
      functionName: "Pacerpro-Reboot-Automation",
      instanceType: "t2.micro",
      httpCidr: "",
      instanceId: "",
      instanceIds: "",
      targetGroupArn: "",
      minHealthyPercent: 75,
      subnetId: "",
      permissionsBoundary: "",
      webServer: true,
      apiPath: "/api/data",
      slowResponseSeconds: 3,
      maxSlowResponses: 5,
      windowMinutes: 10,
      logSourceCategory: "web/access",
      silentMinutes: 15,
      cooldownMinutes: "",
      maxRebootsPerDay: 3,
      maxAffectedPercent: 34,
      maxRebootingAtOnce: 1,
      maxRebootsPerDayInGroup: 6,
      quietHours: "",
      checkEveryMinutes: 3,
      maxChecks: "",
      evidence: false,
      reservedConcurrency: "",
      logRetentionDays: 30,
      dashboard: false,
    });
  });

  it("has every setting that the program knows, and no other", () => {
    const { settingsTable } =
      loadProgram<typeof import("../../infra/settings.ts")>("infra/settings.ts");

    expect(Object.keys(project.config).filter((key) => !key.includes(":"))).to.deep.equal(
      Object.keys(settingsTable),
    );
  });

  it("deploys into us-east-1 by default", () => {
    expect(project.config["aws:region"]?.value).to.equal("us-east-1");
  });
});

describe("Pulumi.dev.yaml", () => {
  it("has settings that the program accepts with the defaults, whatever they were changed to", () => {
    const { parseSettings } =
      loadProgram<typeof import("../../infra/settings.ts")>("infra/settings.ts");
    const token = { text: "a".repeat(64), isSecret: true };
    const defaults = Object.entries(project.config).flatMap(([key, { default: preset }]) =>
      preset === undefined ? [] : [[key, { text: String(preset), isSecret: false }] as const],
    );
    const own = Object.entries(stack.config).flatMap(([key, value]) => {
      const [name = "", namespace = project.name] = key.split(":").reverse();
      const setting = typeof value === "object" ? token : { text: String(value), isSecret: false };
      return namespace === project.name ? [[name, setting] as const] : [];
    });

    const values = new Map([...defaults, ["webhookToken", token] as const, ...own]);
    expect(() => parseSettings(values, deployed)).not.to.throw();
  });

  // Once a stack is created from it, the values are the user's.
  if (stack.secretsprovider || stack.encryptionsalt) return;

  it("has an address and what has no default, but no secret, for a project of any name", () => {
    expect(stack.config).to.deep.equal({
      "sumologic:environment": "us1",
      notificationEmail: "oncall@example.com",
    });
  });
});
