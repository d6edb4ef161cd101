import { describeRule, monitorName } from "./infra/alert-rule.ts";
import { FunctionAlarms } from "./infra/function-alarms.ts";
import { LatencyAlert } from "./infra/latency-alert.ts";
import { LogSource } from "./infra/log-source.ts";
import { Notifications } from "./infra/notifications.ts";
import { RebootFunction } from "./infra/reboot-function.ts";
import { readSettings } from "./infra/settings.ts";
import { SilenceAlert } from "./infra/silence-alert.ts";
import { existingWebServer, WebServer } from "./infra/web-server/web-server.ts";

const settings = readSettings();

const accessLog = new LogSource("access-log", { category: settings.logSourceCategory });

const webServer = settings.instanceId
  ? existingWebServer(settings.instanceId)
  : new WebServer("web-server", {
      instanceType: settings.instanceType,
      httpCidr: settings.httpCidr,
      subnetId: settings.subnetId,
      logSourceUrl: settings.webServer ? accessLog.url : undefined,
    });

const notifications = new Notifications("notifications", {
  emailAddresses: settings.notificationEmails,
});

const rebootFunction = new RebootFunction("reboot", {
  functionName: settings.functionName,
  target: webServer,
  topicArn: notifications.topicArn,
  webhookTokens: settings.webhookTokens,
  monitorName: monitorName(settings.rule),
  alertRule: describeRule(settings.rule),
  logRetentionDays: settings.logRetentionDays,
  cooldownMinutes: settings.cooldownMinutes,
  maxRebootsPerDay: settings.maxRebootsPerDay,
  checkEveryMinutes: settings.checkEveryMinutes,
  maxChecks: settings.maxChecks,
  reservedConcurrency: settings.reservedConcurrency,
  permissionsBoundary: settings.permissionsBoundary,
});

new FunctionAlarms("alarms", {
  functionName: rebootFunction.functionName,
  checksName: rebootFunction.checksName,
  deadLettersName: rebootFunction.deadLettersName,
  topicArn: notifications.topicArn,
});

const latencyAlert = new LatencyAlert("latency", {
  rule: settings.rule,
  logSourceCategory: settings.logSourceCategory,
  instanceId: webServer.instanceId,
  webhookUrl: rebootFunction.functionUrl,
  webhookToken: settings.webhookTokens[0],
});

const silenceAlert = new SilenceAlert("silence", {
  logSourceCategory: settings.logSourceCategory,
  instanceId: webServer.instanceId,
  silentMinutes: settings.silentMinutes,
  emailAddresses: settings.notificationEmails,
  folderId: latencyAlert.folderId,
});

export const instanceId = webServer.instanceId;
export const topicArn = notifications.topicArn;
export const { functionName, functionUrl, logGroupName, tableName, checksUrl, deadLettersUrl } =
  rebootFunction;
export const { monitorId, savedSearchId } = latencyAlert;
export const silenceMonitorId = silenceAlert.monitorId;
export const { url: logSourceUrl, checkSearchId: logCheckSearchId } = accessLog;
export const alertRule = settings.rule;
export const nextStep = `Confirm the subscription in the e-mail that AWS sends to ${settings.notificationEmails.join(", ")}.`;
