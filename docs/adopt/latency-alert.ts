import * as pulumi from "@pulumi/pulumi";
import { LatencyAlert } from "../../infra/latency-alert.ts";
import { LogSource } from "../../infra/log-source.ts";
import { SilenceAlert } from "../../infra/silence-alert.ts";

const config = new pulumi.Config();
const instanceId = pulumi.output(config.require("instanceId"));
const logSourceCategory = "shop/access";

const accessLog = new LogSource("access-log", { category: logSourceCategory });

const latencyAlert = new LatencyAlert("checkout", {
  rule: { apiPath: "/checkout", slowResponseSeconds: 1, maxSlowResponses: 20, windowMinutes: 5 },
  logSourceCategory,
  instanceIds: [instanceId],
  webhookUrl: config.require("webhookUrl"),
  webhookToken: config.requireSecret("webhookToken"),
});

new SilenceAlert("silence", {
  logSourceCategory,
  instanceId,
  silentMinutes: 15,
  emailAddresses: ["oncall@example.com"],
  folderId: latencyAlert.folderId,
});

export const { url: logSourceUrl } = accessLog;
export const { monitorId } = latencyAlert;
