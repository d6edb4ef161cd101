import { describeRule } from "./infra/alert-rule.ts";
import { LatencyAlert } from "./infra/latency-alert.ts";
import { Notifications } from "./infra/notifications.ts";
import { RebootFunction } from "./infra/reboot-function.ts";
import { readSettings } from "./infra/settings.ts";
import { existingWebServer, WebServer } from "./infra/web-server.ts";

const settings = readSettings();

const webServer = settings.instanceId
  ? existingWebServer(settings.instanceId)
  : new WebServer("web-server", {
      instanceType: settings.instanceType,
      httpCidr: settings.httpCidr,
      subnetId: settings.subnetId,
    });

const notifications = new Notifications("notifications", {
  emailAddresses: settings.notificationEmails,
});

const rebootFunction = new RebootFunction("reboot", {
  functionName: settings.functionName,
  target: webServer,
  topicArn: notifications.topicArn,
  webhookTokens: settings.webhookTokens,
  alertRule: describeRule(settings.rule),
  logRetentionDays: settings.logRetentionDays,
});

const latencyAlert = new LatencyAlert("latency", {
  rule: settings.rule,
  logSourceCategory: settings.logSourceCategory,
  instanceId: webServer.instanceId,
  webhookUrl: rebootFunction.functionUrl,
  webhookToken: settings.webhookTokens[0],
});

export const instanceId = webServer.instanceId;
export const topicArn = notifications.topicArn;
export const { functionName, functionUrl, logGroupName } = rebootFunction;
export const { monitorId, savedSearchId } = latencyAlert;
export const nextStep = `Confirm the subscription in the e-mail that AWS sends to ${settings.notificationEmails.join(", ")}.`;
