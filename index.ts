import { describeRule, describeSymptom, monitorName } from "./infra/alert-rule.ts";
import { Dashboards } from "./infra/dashboards/dashboards.ts";
import { EvidenceBucket } from "./infra/evidence-bucket.ts";
import { FunctionAlarms } from "./infra/function-alarms.ts";
import { LatencyAlert } from "./infra/latency-alert.ts";
import { LogSource } from "./infra/log-source.ts";
import { Notifications } from "./infra/notifications.ts";
import { RebootFunction } from "./infra/reboot-function.ts";
import { readSettings } from "./infra/settings.ts";
import { createSilenceAlerts } from "./infra/silence-alert.ts";
import { EventTargets } from "./infra/targets/event-targets.ts";
import { existingGroup } from "./infra/web-server/group.ts";
import { existingWebServer, WebServer } from "./infra/web-server/web-server.ts";

// A component that receives all settings uses only those in its arguments.
const settings = readSettings();

const accessLog = new LogSource("access-log", { category: settings.logSourceCategory });

const target = settings.instanceIds
  ? existingGroup(settings.instanceIds)
  : settings.instanceId
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
  target,
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
  group: settings.group,
  topicArn: notifications.topicArn,
});

const latencyAlert = new LatencyAlert("latency", {
  ...settings,
  instanceIds: target.instanceIds,
  webhookUrl: rebootFunction.functionUrl,
  webhookToken: settings.webhookTokens[0],
});

const silenceAlerts = createSilenceAlerts("silence", {
  ...settings,
  target,
  emailAddresses: settings.notificationEmails,
  folderId: latencyAlert.folderId,
});

const dashboards = settings.dashboard
  ? new Dashboards("dashboard", {
      ...settings,
      instanceIds: target.instanceIds,
      instanceType: target.instanceType,
      functionName: rebootFunction.functionName,
      logGroupName: rebootFunction.logGroupName,
      checkQueueName: rebootFunction.checkQueue.name,
      deadLetterQueueName: rebootFunction.deadLetterQueue.name,
      eventDeadLetterQueueName: eventTargets?.deadLetterQueue.name,
      alarmArns: alarms.arns,
    })
  : undefined;

export const topicArn = notifications.topicArn;
export const { functionName, functionUrl, logGroupName, tableName } = rebootFunction;
export const checkQueueUrl = rebootFunction.checkQueue.url;
export const deadLetterQueueUrl = rebootFunction.deadLetterQueue.url;
export const { monitorId, savedSearchId } = latencyAlert;
export const { url: logSourceUrl, checkSearchId: logCheckSearchId } = accessLog;
export const alertRule = settings.rule;
export const nextStep = `Confirm the subscription in the e-mail that AWS sends to ${settings.notificationEmails.join(", ")}.`;

// Pulumi warns about an exported output without a value, so these are exported only if they have one.
const otherOutputs = {
  ...(settings.instanceIds
    ? {
        instanceIds: settings.instanceIds,
        // With these the drill knows how long an alert can wait.
        checks: settings.checks,
        silenceMonitorIds: Object.fromEntries(
          settings.instanceIds.map((id, index) => [id, silenceAlerts[index]?.monitorId]),
        ),
      }
    : { instanceId: target.instanceIds[0], silenceMonitorId: silenceAlerts[0]?.monitorId }),
  evidenceBucketName: evidence?.bucketName,
  eventBusName: eventTargets?.busName,
  eventPipeName: eventTargets?.pipeName,
  eventDeadLetterQueueUrl: eventTargets?.deadLetterQueue.url,
  chatTopicArn: eventTargets?.chatTopicArn,
  dashboardUrl: dashboards?.url,
  quietHours: settings.quietHours,
};
for (const [name, output] of Object.entries(otherOutputs)) {
  if (output !== undefined) exports[name] = output;
}
