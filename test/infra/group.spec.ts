import { expect } from "chai";
import { dashboardProblems } from "../../sandbox/aws/provider/dashboard-body.ts";
import { pulumi } from "../../sandbox/engine/mocks.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { getInstances, managedIds, runProgram, unknownIds } from "./mocks.ts";

const { existingGroup } = loadProgram<typeof import("../../infra/web-server/group.ts")>(
  "infra/web-server/group.ts",
);
const { existingWebServer } = loadProgram<typeof import("../../infra/web-server/web-server.ts")>(
  "infra/web-server/web-server.ts",
);

const ids = ["i-01234567", "i-0123456789abcdef0"];
const arns = [
  "arn:aws:ec2:us-east-1:123456789012:instance/i-01234567",
  "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0",
];
const instanceIds = ids.join(",");
const targetGroupArn =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef";

/** 50 ids, as many and as long as the setting accepts. */
const mostIds = Array.from({ length: 50 }, (_, index) => `i-${String(index).padStart(17, "0")}`);

type Run = Awaited<ReturnType<typeof runProgram>>;

const statementsOf = ({ inputsOf }: Run) =>
  JSON.parse(inputsOf("aws:iam/rolePolicy:RolePolicy")[0].policy).Statement as {
    Sid: string;
    Action: string[];
    Resource: string[];
  }[];
const variablesOf = ({ inputsOf }: Run): Record<string, string> =>
  inputsOf("aws:lambda/function:Function")[0].environment.variables;

describe("existing instances as targets", () => {
  before(() =>
    pulumi.runtime.setMocks(
      {
        newResource: ({ name }) => ({ id: name, state: {} }),
        call({ token, inputs }) {
          if (token === "aws:ec2/getInstances:getInstances") return getInstances(inputs);
          if (token === "aws:ec2/getInstance:getInstance") return { arn: "arn:existing" };
          return { accountId: "123456789012", region: "eu-central-1", partition: "aws-x" };
        },
      },
      "reboot-automation",
      "dev",
      true,
    ),
  );

  /** The values of outputs, or the errors that they end with. The types of Pulumi leave `promise` out. */
  const resultsOf = (outputs: readonly unknown[]) =>
    Promise.all(
      outputs.map((it) =>
        (it as { promise(): Promise<string> }).promise().catch((error: Error) => error.message),
      ),
    );

  it("are those of a group, in its order, with ARNs of the stack's account and region", async () => {
    const target = existingGroup(ids);

    expect(await resultsOf(target.instanceIds)).to.deep.equal(ids);
    expect(await resultsOf(target.instanceArns)).to.deep.equal([
      "arn:aws-x:ec2:eu-central-1:123456789012:instance/i-01234567",
      "arn:aws-x:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0",
    ]);
  });

  it("of a group must exist: one error names all that do not", async () => {
    const target = existingGroup([...ids, ...unknownIds]);

    const error =
      "instanceIds: there is no i-dead0001, i-dead0002; " +
      "expected instances of the account and the region that the stack is deployed to";
    expect(await resultsOf(target.instanceArns)).to.deep.equal([error, error, error, error]);
    await resultsOf(target.instanceIds);
  });

  it("of a group must not belong to an Auto Scaling group: one error names all that do", async () => {
    const target = existingGroup([...ids, ...managedIds]);

    const error =
      "i-a5000001, i-a5000002: an Auto Scaling group manages them, " +
      "so replace them instead of rebooting them";
    expect(await resultsOf(target.instanceArns)).to.deep.equal([error, error, error, error]);
    await resultsOf(target.instanceIds);
  });

  it("alone must not belong to an Auto Scaling group either", async () => {
    expect(await resultsOf(existingWebServer("i-a5000001").instanceArns)).to.deep.equal([
      "i-a5000001: an Auto Scaling group manages it, so replace it instead of rebooting it",
    ]);
    expect(await resultsOf(existingWebServer("i-01234567").instanceArns)).to.deep.equal([
      "arn:existing",
    ]);
  });
});

describe("a stack with instanceIds", () => {
  let run: Run;
  let single: Run;
  before(async () => {
    run = await runProgram({ instanceIds });
    single = await runProgram({ instanceId: "i-01234567" });
  });

  it("has the resources of one instance, a silence monitor for each, and one more alarm", () => {
    const namesOf = ({ registered }: Run) => registered.map(({ type, name }) => `${type} ${name}`);

    expect(namesOf(run)).to.have.members([
      ...namesOf(single).filter((it) => it !== "sumologic:index/monitor:Monitor silence"),
      "sumologic:index/monitor:Monitor silence-i-01234567",
      "sumologic:index/monitor:Monitor silence-i-0123456789abcdef0",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-shared-cause",
    ]);
  });

  it("finds its instances with two calls, whatever their number", async () => {
    const { invoked } = await runProgram({ instanceIds: mostIds.join(",") });

    expect(invoked.filter((it) => it.startsWith("aws:ec2/"))).to.deep.equal([
      "aws:ec2/getInstances:getInstances",
      "aws:ec2/getInstances:getInstances",
    ]);
  });

  it("exports the ids of instances and silence monitors in place of the one, and the health checks", () => {
    const { instanceId, silenceMonitorId, ...shared } = single.outputs;

    expect([instanceId, silenceMonitorId]).to.deep.equal(["i-01234567", "id-of-silence"]);
    expect(run.outputs).to.deep.equal({
      ...shared,
      instanceIds: ids,
      checks: { checkEveryMinutes: 3, maxChecks: 9 },
      silenceMonitorIds: {
        "i-01234567": "id-of-silence-i-01234567",
        "i-0123456789abcdef0": "id-of-silence-i-0123456789abcdef0",
      },
    });
  });

  it("gives the role the ARNs of exactly these instances, and otherwise what one instance needs", () => {
    expect(statementsOf(run)).to.deep.equal(
      statementsOf(single).map((it) =>
        it.Sid === "RebootTheInstance" ? { ...it, Resource: arns } : it,
      ),
    );
  });

  it("captures evidence of the same list of instances, which the policy has once", async () => {
    const statements = statementsOf(await runProgram({ instanceIds, evidence: "true" }));

    expect(statements.filter(({ Resource }) => Resource.includes(arns[0] ?? ""))).to.deep.equal([
      {
        Sid: "RebootTheInstance",
        Effect: "Allow",
        Action: ["ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot", "ec2:RebootInstances"],
        Resource: arns,
      },
    ]);
    expect(statements.map(({ Sid }) => Sid)).to.include("StoreEvidence");
  });

  it("may read the health of targets only with targetGroupArn", async () => {
    const statements = statementsOf(await runProgram({ instanceIds, targetGroupArn }));

    expect(statements).to.deep.equal([
      ...statementsOf(run),
      {
        Sid: "CheckTargets",
        Effect: "Allow",
        Action: ["elasticloadbalancing:DescribeTargetHealth"],
        Resource: ["*"],
      },
    ]);
  });

  it("passes the ids and the limits of the group to the function", async () => {
    const withTargets = await runProgram({
      instanceIds,
      targetGroupArn,
      minHealthyPercent: "60",
      windowMinutes: "15",
      maxChecks: "12",
      maxAffectedPercent: "50",
      maxRebootsPerDayInGroup: "8",
    });

    expect(variablesOf(run)).to.deep.equal({
      ...variablesOf(single),
      INSTANCE_ID: "i-01234567,i-0123456789abcdef0",
      WINDOW_MINUTES: "10",
      MAX_AFFECTED_PERCENT: "34",
      MAX_REBOOTING_AT_ONCE: "1",
      MAX_REBOOTS_PER_DAY_IN_GROUP: "6",
    });
    expect(variablesOf(withTargets)).to.deep.include({
      WINDOW_MINUTES: "15",
      MAX_AFFECTED_PERCENT: "50",
      MAX_REBOOTS_PER_DAY_IN_GROUP: "8",
      TARGET_GROUP_ARN: targetGroupArn,
      MIN_HEALTHY_PERCENT: "60",
    });
  });

  it("keeps the variables of 50 instances and the longest settings within Lambda's 4 KB", async () => {
    const windows = "Mon 00:00-04:00 America/Argentina/ComodRivadavia";
    const variables = variablesOf(
      await runProgram({
        instanceIds: mostIds.join(", "),
        targetGroupArn: targetGroupArn.replace("/web/", `/${"w".repeat(32)}/`),
        functionName: "f".repeat(64),
        apiPath: `/${"p".repeat(199)}`,
        webhookTokenPrevious: "b".repeat(64),
        quietHours: Array.from({ length: 20 }, () => windows).join(", "),
        evidence: "true",
      }),
    );

    // The mocks have short names for these. https://docs.aws.amazon.com/general/latest/gr/aws-arns-and-namespaces.html
    const longest = { ARN: 80 + 80, URL: 60 + 80, NAME: 80 };
    const sizes = Object.entries(variables).map(([key, value]) => {
      const room = Object.entries(longest).find(([ending]) => key.endsWith(ending))?.[1] ?? 0;
      return key.length + Math.max(value.length, room);
    });
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html : 4 KB in total.
    expect(sizes.reduce((sum, it) => sum + it, 0)).to.be.at.most(4_096);
  });

  it("keeps the role's policy for 50 instances within what IAM accepts, less a tenth", async () => {
    const { inputsOf } = await runProgram({
      instanceIds: mostIds.join(","),
      targetGroupArn,
      evidence: "true",
    });
    const [{ policy }] = inputsOf("aws:iam/rolePolicy:RolePolicy");

    // An ARN of the mocks has 68 characters; the longest of AWS, in a partition and region with long names, 76.
    const size = policy.replaceAll(/\s/g, "").length + 50 * 8;
    expect(size).to.be.within(50 * 68, 9_216);
  });

  it("monitors all instances with one query, which has one row and one alert per instance", () => {
    const [{ queries, playbook, ...monitor }] = run.inputsNamed("latency");
    const [{ queries: _, playbook: __, ...ofSingle }] = single.inputsNamed("latency");
    const lines = queries[0].query.split("\n");

    expect(monitor).to.deep.equal(ofSingle);
    expect(lines[0]).to.equal('_sourceCategory=web/access ("i-01234567" or "i-0123456789abcdef0")');
    expect(lines[2]).to.equal('| where instance_id in ("i-01234567", "i-0123456789abcdef0")');
    expect(lines.at(-2)).to.match(/ by instance_id$/);
    expect(playbook).to.include(
      "it reboots the EC2 instance in the alert, one of 2, unless a limit or a shared cause prevents it",
    );
    expect(run.inputsNamed("latency-connection")).to.deep.equal(
      single.inputsNamed("latency-connection"),
    );
  });

  it("reports missing lines of each instance on its own", () => {
    const [{ name, queries, notifications, ...monitor }] = run.inputsNamed("silence-i-01234567");
    const [{ name: _, queries: query, notifications: email, ...ofSingle }] =
      single.inputsNamed("silence");

    expect(name).to.equal("No access log of i-01234567");
    expect([monitor, queries, notifications]).to.deep.equal([ofSingle, query, email]);
    expect(run.inputsNamed("silence-i-0123456789abcdef0")[0].name).to.equal(
      "No access log of i-0123456789abcdef0",
    );
  });

  it("says in the alarms of the queues that alerts may not be decided", () => {
    const textOf = (name: string) => run.inputsNamed(`alarms-${name}`)[0].alarmDescription;

    expect(textOf("dead-letters")).to.equal(
      "The reboot function could not handle a message. The result of a reboot or of quiet hours may not have been " +
        "reported. Alerts may be neither decided nor rebooted, and a shared cause may not have been reported. " +
        'Runbook: docs/runbook.md, "Alarm: dead-letters"',
    );
    expect(textOf("stuck-checks")).to.equal(
      "Follow-up checks are not being processed. Results of reboots and of quiet hours will not be reported. " +
        "Alerts may be neither decided nor rebooted, and a shared cause may not be reported. " +
        'Runbook: docs/runbook.md, "Alarm: stuck-checks"',
    );
  });

  it("has an alarm while a shared cause is suspected", () => {
    expect(run.inputsNamed("alarms-shared-cause")).to.deep.equal([
      {
        alarmDescription:
          "More than 34 % of the instances are slow at once, which looks like a shared cause. " +
          'No alert reboots an instance. Runbook: docs/runbook.md, "Alarm: shared-cause"',
        namespace: "RebootAutomation",
        metricName: "SharedCause",
        dimensions: { FunctionName: "Pacerpro-Reboot-Automation" },
        statistic: "Sum",
        period: 300,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        treatMissingData: "notBreaching",
        alarmActions: ["arn:topic"],
        okActions: ["arn:topic"],
      },
    ]);
  });
});

describe("the dashboards of a group", () => {
  let run: Run;
  before(async () => {
    run = await runProgram({ dashboard: "true", instanceIds: mostIds.join(",") });
  });

  it("in CloudWatch link to each instance and show its status checks and CPU", () => {
    const [{ dashboardBody }] = run.inputsOf("aws:cloudwatch/dashboard:Dashboard");
    const { widgets } = JSON.parse(dashboardBody);
    const titled = (title: string) =>
      // biome-ignore lint/suspicious/noExplicitAny: widgets of several types
      widgets.find(({ properties }: any) => properties.title === title)?.properties;
    const [{ height, properties: introduction }, alarms] = widgets;

    expect(dashboardProblems(dashboardBody)).to.deep.equal([]);
    expect(introduction.markdown).to.match(/^# Reboot automation of 50 instances\n/);
    expect(introduction.markdown).to.include(
      "[i-00000000000000049](https://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1#InstanceDetails:instanceId=i-00000000000000049)",
    );
    expect([height, alarms.y]).to.deep.equal([12, 12]);
    const { metrics } = titled("Failed status checks of each instance");
    expect(metrics).to.have.length(50);
    expect(metrics[49]).to.deep.equal([
      "AWS/EC2",
      "StatusCheckFailed",
      "InstanceId",
      "i-00000000000000049",
      { label: "i-00000000000000049" },
    ]);
    expect(titled("CPU of each instance (%)").metrics).to.have.length(50);
    expect(titled("Latest decisions").query.split("\n").slice(1)).to.deep.equal([
      "| fields @timestamp, message.instanceId, message.outcome, message.reason",
      '| filter ispresent(message.outcome) and message.outcome not in ["pending", "test", "refused"]',
      "| sort @timestamp desc",
      "| dedup message.incidentId, message.outcome, message.reason",
      "| limit 20",
    ]);
    expect(dashboardBody).not.to.include("CPUCreditBalance");
  });

  it("in CloudWatch count each shared cause once, and the waits that ended without a decision", () => {
    const [{ dashboardBody }] = run.inputsOf("aws:cloudwatch/dashboard:Dashboard");
    const { query } = JSON.parse(dashboardBody).widgets.find(
      // biome-ignore lint/suspicious/noExplicitAny: widgets of several types
      ({ properties }: any) => properties.title === "Reboots and their outcomes",
    ).properties;

    expect(query.split("\n").slice(1)).to.deep.equal([
      '| filter message.outcome in ["rebooted", "failed", "recovered", "instance up", "not recovered", ' +
        '"recovery unconfirmed", "unconfirmed", "shared cause", "shared cause over", "still affected", ' +
        '"waited too long", "resolved", "removed"]',
      "| stats count_distinct(message.incidentId) as incidents by message.outcome",
    ]);
  });

  it("in Sumo Logic show all instances together and a table by instance", () => {
    const [{ panels, layout }] = run.inputsOf("sumologic:index/dashboard:Dashboard");
    const [{ textPanel }, slow, ...others] = panels;
    const { title, queries } = others.at(-1).sumoSearchPanel;

    expect(textPanel.text).to.include(
      "the instance is rebooted unless too many of the group are slow at once",
    );
    expect(slow.sumoSearchPanel.title).to.equal("Responses over 3 s per 10 minutes, all instances");
    expect(slow.sumoSearchPanel.queries[0].queryString).to.match(
      /\n\| fields _timeslice, slow_count$/,
    );
    expect(title).to.equal("Responses over 3 s, all responses and the slowest, by instance");
    expect(queries[0].queryString.split("\n").slice(-4)).to.deep.equal([
      '| where path = "/api/data"',
      "| if(response_time_s > 3, 1, 0) as is_slow",
      "| sum(is_slow) as slow_count, count as request_count, max(response_time_s) as worst_s by instance_id",
      "| sort by slow_count desc",
    ]);
    expect(layout.grid.layoutStructures.at(-1)).to.deep.equal({
      key: "instances",
      structure: '{"x":0,"y":20,"width":24,"height":10}',
    });
  });
});
