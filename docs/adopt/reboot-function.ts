import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { RebootFunction } from "../../infra/reboot-function.ts";
import { existingWebServer } from "../../infra/web-server/web-server.ts";

const config = new pulumi.Config();
const topic = new aws.sns.Topic("on-call", { displayName: "Shop: on call" });

const rebootFunction = new RebootFunction("reboot", {
  functionName: "shop-reboot",
  target: existingWebServer(config.require("instanceId")),
  topicArn: topic.arn,
  webhookTokens: [config.requireSecret("webhookToken")],
  monitorName: "the name of your monitor",
  alertRule: "more than 10 errors in 5 minutes",
  alertSymptom: "errors occurred",
  logRetentionDays: 30,
  limits: { cooldownMinutes: 30, maxRebootsPerDay: 3 },
  checks: { checkEveryMinutes: 3, maxChecks: 9 },
});

export const { functionName, functionUrl } = rebootFunction;
