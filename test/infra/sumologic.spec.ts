import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { runProgram, webhookToken } from "./mocks.ts";

const { monitorQuery } =
  loadProgram<typeof import("../../infra/alert-query.ts")>("infra/alert-query.ts");
const { latencyPlaybook, silencePlaybook } =
  loadProgram<typeof import("../../infra/playbooks.ts")>("infra/playbooks.ts");

type Run = Awaited<ReturnType<typeof runProgram>>;

describe("the resources of Sumo Logic", () => {
  let run: Run;
  before(async () => {
    run = await runProgram();
  });

  it("include a hosted collector and an HTTP source with one message per line", () => {
    expect(run.inputsOf("sumologic:index/collector:Collector")).to.deep.equal([
      { name: "reboot-automation-dev", description: "Created by Pulumi" },
    ]);
    expect(run.inputsOf("sumologic:index/httpSource:HttpSource")).to.deep.equal([
      {
        collectorId: 100000001,
        description: "Access log of the web server",
        category: "web/access",
        multilineProcessingEnabled: false,
      },
    ]);
  });

  it("call the function's URL with the token as a secret header", () => {
    const [{ headers, defaultPayload, resolutionPayload, ...inputs }] = run.inputsOf(
      "sumologic:index/connection:Connection",
    );

    expect(inputs).to.deep.equal({
      name: "reboot-automation-dev-ffe054",
      description: "Calls the reboot function; token ffe054",
      type: "WebhookConnection",
      webhookType: "Webhook",
      url: "https://id.lambda-url/",
    });
    expect(JSON.stringify(headers)).to.include(`"Authorization":"Bearer ${webhookToken}"`);
    expect(resolutionPayload).to.equal(defaultPayload);
  });

  it("monitor the count of slow responses of the instance, exclusive of the limit", () => {
    expect(run.inputsNamed("latency")).to.deep.equal([
      {
        name: "Slow responses of api data",
        description: "Fires on more than 5 responses of /api/data over 3 s in 10 minutes",
        playbook: latencyPlaybook(["id-of-web-server"]),
        parentId: "id-of-latency-folder",
        type: "MonitorsLibraryMonitor",
        contentType: "Monitor",
        monitorType: "Logs",
        queries: [
          {
            rowId: "A",
            query: monitorQuery({
              rule: {
                apiPath: "/api/data",
                slowResponseSeconds: 3,
                maxSlowResponses: 5,
                windowMinutes: 10,
              },
              logSourceCategory: "web/access",
              instanceIds: ["id-of-web-server"],
            }),
          },
        ],
        triggerConditions: {
          logsStaticCondition: {
            field: "slow_count",
            critical: {
              timeRange: "10m",
              alert: { threshold: 5, thresholdType: "GreaterThan" },
              resolution: {
                threshold: 5,
                thresholdType: "LessThanOrEqual",
                resolutionWindow: "5m",
              },
            },
          },
        },
        groupNotifications: true,
        notificationGroupFields: ["instance_id"],
        notifications: [
          {
            notification: { connectionType: "Webhook", connectionId: "id-of-latency-connection" },
            runForTriggerTypes: ["Critical", "ResolvedCritical"],
          },
        ],
      },
    ]);
  });

  it("monitor missing lines of the instance, and only send Sumo Logic's e-mail", async () => {
    const [{ notifications, ...monitor }] = run.inputsNamed("silence");

    expect(monitor).to.deep.equal({
      name: "No access log",
      description: "Fires after 15 minutes without a line; never reboots",
      playbook: silencePlaybook("id-of-web-server"),
      parentId: "id-of-latency-folder",
      type: "MonitorsLibraryMonitor",
      contentType: "Monitor",
      monitorType: "Logs",
      queries: [
        {
          rowId: "A",
          query: [
            '_sourceCategory=web/access "id-of-web-server"',
            '| json field=_raw "instance_id" as instance_id nodrop',
            '| where instance_id = "id-of-web-server"',
          ].join("\n"),
        },
      ],
      triggerConditions: { logsMissingDataCondition: { timeRange: "15m" } },
      groupNotifications: true,
    });
    const [{ notification, runForTriggerTypes }, ...others] = notifications;
    expect(others).to.deep.equal([]);
    expect(runForTriggerTypes).to.deep.equal(["MissingData", "ResolvedMissingData"]);
    const { messageBody, ...email } = notification;
    expect(email).to.deep.equal({
      connectionType: "Email",
      recipients: ["oncall@example.com"],
      subject: "{{TriggerType}}: access log of EC2 instance id-of-web-server",
      timeZone: "UTC",
    });
    expect(messageBody).to.include("Nothing is rebooted.").and.include("for 15 minutes");
  });

  it("include a saved search with the window as timeslice", () => {
    const [search] = run.inputsNamed("latency-search");

    expect(search.parentId).to.equal("personal");
    expect(search.name).to.equal("Slow responses (reboot-automation-dev)");
    expect(search.queryString.split("\n").slice(-3)).to.deep.equal([
      "| timeslice 10m",
      "| count as slow_count, max(response_time_s) as worst_s by _timeslice, instance_id",
      "| sort by _timeslice asc",
    ]);
  });

  it("report missing lines after silentMinutes, to every address", async () => {
    const { inputsNamed } = await runProgram({
      silentMinutes: "60",
      notificationEmail: "a@example.com, b@example.com",
    });

    const [{ triggerConditions, notifications }] = inputsNamed("silence");
    expect(triggerConditions).to.deep.equal({ logsMissingDataCondition: { timeRange: "60m" } });
    expect(notifications[0].notification.recipients).to.deep.equal([
      "a@example.com",
      "b@example.com",
    ]);
  });
});
