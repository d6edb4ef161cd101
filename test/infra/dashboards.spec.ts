import { expect } from "chai";
import type { CloudWatchSubject } from "../../infra/dashboards/cloudwatch.ts";
import { dashboardProblems } from "../../sandbox/aws/provider/dashboard-body.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { runProgram } from "./mocks.ts";

const { cloudWatchBody } = loadProgram<typeof import("../../infra/dashboards/cloudwatch.ts")>(
  "infra/dashboards/cloudwatch.ts",
);

const subject: CloudWatchSubject = {
  region: "eu-central-1",
  instanceIds: ["i-0123456789abcdef0"],
  instanceType: "t3.micro",
  functionName: "reboot",
  logGroupName: "/aws/lambda/reboot",
  checkQueueName: "checks",
  deadLetterQueueName: "dead-letters",
  alarmArns: ["arn:aws:cloudwatch:eu-central-1:000000000000:alarm:a"],
};

// biome-ignore lint/suspicious/noExplicitAny: widgets of several types
const widgetsOf = (changes: Partial<CloudWatchSubject> = {}): any[] =>
  JSON.parse(JSON.stringify(cloudWatchBody({ ...subject, ...changes }))).widgets;
const titled = (title: string, changes?: Partial<CloudWatchSubject>) =>
  widgetsOf(changes).find(({ properties }) => properties.title === title)?.properties;

describe("the dashboard in CloudWatch", () => {
  it("is a body that CloudWatch accepts, within the metrics of its free tier", () => {
    const body = cloudWatchBody(subject);

    expect(dashboardProblems(JSON.stringify(body))).to.deep.equal([]);
    const metrics = widgetsOf().flatMap(({ properties }) => properties.metrics ?? []);
    // https://aws.amazon.com/cloudwatch/pricing/ : three dashboards with up to 50 metrics each are free.
    expect(metrics).to.have.length(12);
  });

  it("has these widgets, each at its own place", () => {
    expect(
      widgetsOf().map(({ type, x, y, width, height, properties: { title } }) =>
        [type, x, y, width, height, title].join(" "),
      ),
    ).to.deep.equal([
      "text 0 0 24 5 ",
      "alarm 0 5 24 4 Alarms",
      "log 0 9 12 6 Reboots and their outcomes",
      "log 12 9 12 6 Suppressed alerts by reason",
      "metric 0 15 12 6 Health of the automation",
      "metric 12 15 12 6 Waiting messages",
      "metric 0 21 12 6 Failed status checks of the instance",
      "metric 12 21 12 6 CPU and CPU credits of the instance",
      "log 0 27 24 8 Latest decisions",
    ]);
  });

  it("counts outcomes and suppressed alerts in the function's log", () => {
    expect(titled("Reboots and their outcomes")).to.deep.equal({
      title: "Reboots and their outcomes",
      region: "eu-central-1",
      view: "bar",
      query: [
        "SOURCE '/aws/lambda/reboot'",
        '| filter message.outcome in ["rebooted", "failed", "recovered", "instance up", "not recovered", "recovery unconfirmed", "unconfirmed"]',
        "| stats count(*) as incidents by message.outcome",
      ].join("\n"),
    });
    expect(titled("Suppressed alerts by reason").query).to.equal(
      [
        "SOURCE '/aws/lambda/reboot'",
        "| filter ispresent(message.limit)",
        "| stats count(*) as alerts by message.limit",
      ].join("\n"),
    );
  });

  it("shows the automation's errors, throttles, refused alerts, failed notifications and DLQ", () => {
    expect(titled("Health of the automation").metrics).to.deep.equal([
      ["AWS/Lambda", "Errors", "FunctionName", "reboot"],
      ["AWS/Lambda", "Throttles", "FunctionName", "reboot"],
      ["RebootAutomation", "AlertRefused", "FunctionName", "reboot", { label: "Refused alerts" }],
      [
        "RebootAutomation",
        "UnauthenticatedRequest",
        "FunctionName",
        "reboot",
        { label: "Unauthenticated requests" },
      ],
      [
        "RebootAutomation",
        "NotificationFailed",
        "FunctionName",
        "reboot",
        { label: "Failed notifications" },
      ],
    ]);
    const queues = titled("Waiting messages").metrics.map(([, , , queue]: string[]) => queue);
    expect(queues).to.deep.equal(["checks", "dead-letters"]);
  });

  it("shows lost events if the stack has targets", () => {
    const { metrics } = titled("Waiting messages", { eventDeadLetterQueueName: "events" });

    expect(metrics.map(([, , , queue]: string[]) => queue)).to.deep.equal([
      "checks",
      "dead-letters",
      "events",
    ]);
  });

  for (const type of ["t2.micro", "t3.micro", "t3a.large"]) {
    it(`shows the CPU credits of a ${type}`, () => {
      const { metrics } = titled("CPU and CPU credits of the instance", { instanceType: type });

      expect(metrics.map(([, name]: string[]) => name)).to.deep.equal([
        "CPUUtilization",
        "CPUCreditBalance",
      ]);
    });
  }

  for (const type of ["m7i.large", "c7i-flex.large", "trn1.2xlarge"]) {
    it(`shows no CPU credits of a ${type}, which has none`, () => {
      const { metrics } = titled("CPU of the instance", { instanceType: type });

      expect(metrics.map(([, name]: string[]) => name)).to.deep.equal(["CPUUtilization"]);
    });
  }

  it("shows quiet hours if there are any", () => {
    const quietHours = "Sat 02:00-04:00 Europe/Berlin";

    expect(widgetsOf({ quietHours })[0].properties.markdown).to.include(
      "Quiet hours: Sat 02:00-04:00 Europe/Berlin",
    );
    expect(widgetsOf()[0].properties.markdown).not.to.include("Quiet hours");
  });

  it("is about the created instance, or about an existing one of another type", async () => {
    const bodyOf = async (settings: Record<string, string>) => {
      const { inputsOf } = await runProgram({ dashboard: "true", ...settings });
      const [{ dashboardBody }] = inputsOf("aws:cloudwatch/dashboard:Dashboard");
      expect(dashboardProblems(dashboardBody)).to.deep.equal([]);
      return dashboardBody;
    };

    expect(await bodyOf({}))
      .to.include("id-of-web-server")
      .and.include("CPUCreditBalance");
    // The mocked existing instance is an m7i.large.
    expect(await bodyOf({ instanceId: "i-01234567" }))
      .to.include("i-01234567")
      .and.not.include("CPUCreditBalance");
  });
});

describe("the dashboard in Sumo Logic", () => {
  // biome-ignore lint/suspicious/noExplicitAny: inputs of a resource
  let inputs: any;
  before(async () => {
    const { inputsOf } = await runProgram({ dashboard: "true" });
    [inputs] = inputsOf("sumologic:index/dashboard:Dashboard");
  });

  it("is named after the stack, in the folder of the access key's user", () => {
    const { panels: _, layout: __, ...others } = inputs;

    expect(others).to.deep.equal({
      title: "Slow responses (reboot-automation-dev)",
      description:
        "The alert fires on more than 5 responses of /api/data over 3 s in 10 minutes. Created by Pulumi.",
      folderId: "personal",
      domain: "",
      theme: "Light",
      refreshInterval: 300,
      timeRange: {
        beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime: "-24h" } } },
      },
    });
  });

  it("has these panels, each with its place", () => {
    const panels = inputs.panels.map(
      // biome-ignore lint/suspicious/noExplicitAny: a panel of either kind
      ({ textPanel, sumoSearchPanel }: any) => (textPanel ?? sumoSearchPanel).key,
    );
    const { layoutStructures } = inputs.layout.grid;

    expect(panels).to.deep.equal([
      "introduction",
      "slow-responses",
      "response-times",
      "requests",
      "log-lines",
      "latest-line",
    ]);
    expect(
      layoutStructures.map(({ key, structure }: Record<string, string>) => `${key} ${structure}`),
    ).to.deep.equal([
      'introduction {"x":0,"y":0,"width":24,"height":4}',
      'slow-responses {"x":0,"y":4,"width":12,"height":8}',
      'response-times {"x":12,"y":4,"width":12,"height":8}',
      'requests {"x":0,"y":12,"width":12,"height":8}',
      'log-lines {"x":12,"y":12,"width":8,"height":8}',
      'latest-line {"x":20,"y":12,"width":4,"height":8}',
    ]);
  });

  it("sets what Sumo Logic would fill in, so that a refresh finds no change", () => {
    const [, { sumoSearchPanel }] = inputs.panels;
    const [{ queryString: _, ...query }] = sumoSearchPanel.queries;

    expect(query).to.deep.equal({
      queryKey: "A",
      queryType: "Logs",
      parseMode: "Manual",
      timeSource: "Message",
      transient: false,
      outputCardinalityLimit: 1000,
    });
  });
});
