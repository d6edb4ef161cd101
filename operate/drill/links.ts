import { InvokeCommand } from "@aws-sdk/client-lambda";
import { paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import { postLines } from "./access-log.ts";
import { checkEachInstance } from "./each-instance.ts";
import type { Link } from "./link.ts";
import { enabledMonitor, monitorLinks } from "./monitors.ts";
import type { Ports } from "./ports.ts";

const minute = 60_000;

export const links: readonly Link[] = [
  {
    name: "the server's lines arrive and have the required fields",
    async check({ stack, sumoLogic, now, sleep }) {
      const { queryString } = await sumoLogic.get(`v1/logSearches/${stack.logCheckSearchId}`);
      const rows = await sumoLogic.search(queryString, recentMs(stack, now()), now(), sleep);
      return checkEachInstance(stack, async (instanceId) => {
        const own = rows.filter((row) => row.instance_id === instanceId && row.path);
        if (own.length === 0) {
          throw new Error(
            `no line of ${instanceId} in ${stack.alertRule.windowMinutes} minutes; ` +
              "see docs/logs.md for what the lines must have",
          );
        }
        return own.map(({ path, lines }) => `${lines} of ${path}`).join(", ");
      });
    },
  },
  {
    name: "the HTTP source accepts a line, and the saved search finds it",
    async check(ports) {
      const { stack, sumoLogic, now, sleep } = ports;
      // Older than any window that the monitor still evaluates, so it counts for no alert. Its response
      // time is the present, in seconds since 1970: the search shows the largest one of a slice, which is
      // the latest.
      const timeMs = recentMs(stack, now()) - minute;
      const seconds = Math.floor(now() / 1_000);
      const [instanceId] = stack.instanceIds;
      await postLines(ports, { instanceId, count: 1, timeMs, seconds });
      const { queryString } = await sumoLogic.get(`v1/logSearches/${stack.savedSearchId}`);
      for (let attempt = 0; attempt < 18; attempt++) {
        const rows = await sumoLogic.search(queryString, timeMs - minute, timeMs + minute, sleep);
        if (rows.some((row) => Number(row.worst_s) === seconds))
          return `the line marked ${seconds}`;
        await sleep(10_000);
      }
      throw new Error(
        "the source accepted the line, but the saved search did not find it in 3 minutes",
      );
    },
  },
  {
    name: "the latency monitor is enabled and calls this stack's function",
    async check({ stack, sumoLogic }) {
      const monitor = await enabledMonitor(sumoLogic, stack.monitorId);
      const ids: string[] = monitor.notifications.map(
        (it: { notification: { connectionId: string } }) => it.notification.connectionId,
      );
      const connections = await Promise.all(ids.map((id) => sumoLogic.get(`v1/connections/${id}`)));
      const urls = connections.map(({ url }) => url);
      if (!urls.includes(stack.functionUrl)) {
        throw new Error(`it calls ${urls.join(", ") || "nothing"}; expected ${stack.functionUrl}`);
      }
      return `"${monitor.name}"`;
    },
  },
  {
    name: "the monitor of missing lines is enabled and sends e-mail",
    async check({ stack, sumoLogic }) {
      return checkEachInstance(stack, async (instanceId) => {
        const monitorId = stack.silenceMonitorIds[instanceId];
        if (!monitorId) throw new Error("it has no monitor: run `pulumi up`");
        const monitor = await enabledMonitor(sumoLogic, monitorId);
        const recipients: string[] = monitor.notifications.flatMap(
          (it: { notification: { recipients?: string[] } }) => it.notification.recipients ?? [],
        );
        if (recipients.length === 0) throw new Error("it has no recipient");
        return `"${monitor.name}" to ${recipients.join(", ")}`;
      });
    },
  },
  ...monitorLinks,
  {
    name: "the webhook accepts this stack's token",
    async check({ stack, sumoLogic, post }) {
      const monitor = await sumoLogic.get(`v1/monitors/${stack.monitorId}`);
      const [{ notification }] = monitor.notifications;
      const connection = await sumoLogic.get(`v1/connections/${notification.connectionId}`);
      // Unrendered, as Sumo Logic's Test button sends it: the function reboots nothing for that.
      const { status, body } = await post(stack.functionUrl, {
        headers: {
          authorization: `Bearer ${stack.webhookToken}`,
          "content-type": "application/json",
        },
        body: connection.defaultPayload,
      });
      if (status !== 200) throw new Error(`it responded ${status} ${body.slice(0, 200)}`);
      const { outcome } = JSON.parse(body);
      if (outcome !== "test") throw new Error(`it responded "${outcome}"; expected "test"`);
      return 'responded "test"';
    },
  },
  {
    name: "the function may reboot the instance (dry run)",
    async check({ stack, lambda }) {
      const isGroup = stack.instanceIds.length > 1;
      return checkEachInstance(stack, async (instanceId) => {
        const { FunctionError, Payload } = await lambda.send(
          new InvokeCommand({
            FunctionName: stack.functionName,
            Payload: JSON.stringify({
              ...(isGroup && { instanceId }),
              dryRun: true,
              reason: "drill",
            }),
          }),
        );
        const response = JSON.parse(Payload?.transformToString() ?? "null");
        if (FunctionError || response?.outcome !== "dry-run")
          throw new Error(JSON.stringify(response));
        if (response.instanceId !== instanceId) {
          throw new Error(`it would reboot ${response.instanceId}; expected ${instanceId}`);
        }
        return response.reason;
      });
    },
  },
  {
    name: "every e-mail subscription is confirmed",
    async check({ stack, sns }) {
      const arns = new Map<string, string>();
      const pages = paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: stack.topicArn });
      for await (const { Subscriptions = [] } of pages) {
        for (const { Protocol, Endpoint = "", SubscriptionArn = "" } of Subscriptions) {
          // A subscription that was ended is listed as "Deleted" for some days, next to its successor.
          const isEnded = SubscriptionArn === "Deleted";
          if (Protocol === "email" && !isEnded) arns.set(Endpoint.toLowerCase(), SubscriptionArn);
        }
      }
      const problems = stack.notificationEmails.flatMap((address) => {
        const arn = arns.get(address.toLowerCase());
        if (arn?.startsWith("arn:")) return [];
        return arn
          ? `${address} has not confirmed: find the e-mail from AWS, or run \`pulumi up --refresh\` after three days`
          : `${address} is not subscribed: its subscription was ended or has expired; run \`pulumi up --refresh\` and confirm again`;
      });
      if (problems.length > 0) throw new Error(problems.join("; "));
      return stack.notificationEmails.join(", ");
    },
  },
];

/** Since when lines can still count for an alert: the window and the delay of log monitors. */
function recentMs({ alertRule }: Ports["stack"], nowMs: number): number {
  return nowMs - (alertRule.windowMinutes + 10) * minute;
}
