import { describeRule, describeSymptom, monitorName } from "./infra/alert-rule.ts";
import { Dashboards } from "./infra/dashboards/dashboards.ts";
import { EvidenceBucket } from "./infra/evidence-bucket.ts";
import { FunctionAlarms } from "./infra/function-alarms.ts";
import { LatencyAlert } from "./infra/latency-alert.ts";
import { LogSource } from "./infra/log-source.ts";
import { Notifications } from "./infra/notifications.ts";
import { RebootFunction } from "./infra/reboot-function.ts";
import { readSettings } from "./infra/settings.ts";
import { SilenceAlert } from "./infra/silence-alert.ts";
import { EventTargets } from "./infra/targets/event-targets.ts";
import { existingWebServer, WebServer } from "./infra/web-server/web-server.ts";

// A component that receives all settings uses only those in its arguments.
const settings = readSettings();

const accessLog = new LogSource("access-log", { category: settings.logSourceCategory });

const webServer = settings.instanceId
  ? existingWebServer(settings.instanceId)
  : new WebServer("web-server", {
      ...settings,
      logSourceUrl: settings.webServer ? accessLog.url : undefined,
    });

const notifications = new Notifications("notifications", {
  emailAddresses: settings.notificationEmails,
});

const evidence = settings.evidence ? new EvidenceBucket("evidence") : undefined;

const rebootFunction = new RebootFunction("reboot", {
  ...settings,
  evidence,
  target: webServer,
  topicArn: notifications.topicArn,
  monitorName: monitorName(settings.rule),
  alertRule: describeRule(settings.rule),
  alertSymptom: describeSymptom(settings.rule),
});

const eventTargets = settings.targets
  ? new EventTargets({
      targets: settings.targets,
      table: rebootFunction.table,
      checkEveryMinutes: settings.checks.checkEveryMinutes,
      permissionsBoundary: settings.permissionsBoundary,
    })
  : undefined;

const alarms = new FunctionAlarms("alarms", {
  functionName: rebootFunction.functionName,
  checkQueueName: rebootFunction.checkQueue.name,
  deadLetterQueueName: rebootFunction.deadLetterQueue.name,
  eventDeadLetterQueueName: eventTargets?.deadLetterQueue.name,
  topicArn: notifications.topicArn,
});

const latencyAlert = new LatencyAlert("latency", {
  ...settings,
  instanceId: webServer.instanceId,
  webhookUrl: rebootFunction.functionUrl,
  webhookToken: settings.webhookTokens[0],
});

const silenceAlert = new SilenceAlert("silence", {
  ...settings,
  instanceId: webServer.instanceId,
  emailAddresses: settings.notificationEmails,
  folderId: latencyAlert.folderId,
});

const dashboards = settings.dashboard
  ? new Dashboards("dashboard", {
      ...settings,
      instanceId: webServer.instanceId,
      instanceType: webServer.instanceType,
      functionName: rebootFunction.functionName,
      logGroupName: rebootFunction.logGroupName,
      checkQueueName: rebootFunction.checkQueue.name,
      deadLetterQueueName: rebootFunction.deadLetterQueue.name,
      eventDeadLetterQueueName: eventTargets?.deadLetterQueue.name,
      alarmArns: alarms.arns,
    })
  : undefined;

export const instanceId = webServer.instanceId;
export const topicArn = notifications.topicArn;
export const { functionName, functionUrl, logGroupName, tableName } = rebootFunction;
export const checkQueueUrl = rebootFunction.checkQueue.url;
export const deadLetterQueueUrl = rebootFunction.deadLetterQueue.url;
export const { monitorId, savedSearchId } = latencyAlert;
export const silenceMonitorId = silenceAlert.monitorId;
export const { url: logSourceUrl, checkSearchId: logCheckSearchId } = accessLog;
export const alertRule = settings.rule;
export const nextStep = `Confirm the subscription in the e-mail that AWS sends to ${settings.notificationEmails.join(", ")}.`;

// Outputs of what a setting adds. Pulumi warns about an exported output without a value.
const outputsOfOptions = {
  evidenceBucketName: evidence?.bucketName,
  eventBusName: eventTargets?.busName,
  eventPipeName: eventTargets?.pipeName,
  eventDeadLetterQueueUrl: eventTargets?.deadLetterQueue.url,
  chatTopicArn: eventTargets?.chatTopicArn,
  dashboardUrl: dashboards?.url,
  quietHours: settings.quietHours,
};
for (const [name, output] of Object.entries(outputsOfOptions)) {
  if (output !== undefined) exports[name] = output;
}
