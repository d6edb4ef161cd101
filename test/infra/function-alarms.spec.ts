import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { runProgram } from "./mocks.ts";

type Run = Awaited<ReturnType<typeof runProgram>>;

describe("the alarms", () => {
  let run: Run;
  before(async () => {
    run = await runProgram();
  });

  it("notify the topic when they begin and end", () => {
    const alarm = {
      dimensions: { FunctionName: "Pacerpro-Reboot-Automation" },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treatMissingData: "notBreaching",
      alarmActions: ["arn:topic"],
      okActions: ["arn:topic"],
    };
    const alarms = run.inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm");

    expect(alarms.map(({ alarmDescription: _, ...inputs }) => inputs)).to.have.deep.members([
      { ...alarm, namespace: "AWS/Lambda", metricName: "Errors" },
      { ...alarm, namespace: "AWS/Lambda", metricName: "Throttles" },
      {
        ...alarm,
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "reboot-dead-letters-1234567" },
        statistic: "Maximum",
        period: 60,
      },
      {
        ...alarm,
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "reboot-checks-1234567" },
        statistic: "Minimum",
        evaluationPeriods: 3,
      },
      { ...alarm, namespace: "RebootAutomation", metricName: "AlertRefused" },
      {
        ...alarm,
        namespace: "RebootAutomation",
        metricName: "UnauthenticatedRequest",
        threshold: 100,
      },
      { ...alarm, namespace: "RebootAutomation", metricName: "NotificationFailed" },
      { ...alarm, namespace: "RebootAutomation", metricName: "NotRecovered" },
      { ...alarm, namespace: "RebootAutomation", metricName: "RecoveryUnconfirmed" },
    ]);
  });

  it("say of the queues what one instance loses, which has no alert that waits for a message", () => {
    const textOf = (name: string) => run.inputsNamed(`alarms-${name}`)[0].alarmDescription;

    expect(textOf("dead-letters")).to.equal(
      "The reboot function could not handle a message. The result of a reboot or of quiet hours may not have been " +
        'reported. Runbook: docs/runbook.md, "Alarm: dead-letters"',
    );
    expect(textOf("stuck-checks")).to.equal(
      "Follow-up checks are not being processed. Results of reboots and of quiet hours will not be reported. " +
        'Runbook: docs/runbook.md, "Alarm: stuck-checks"',
    );
  });

  it("cover exactly the metrics that the function writes, with their dimension", async () => {
    const { countMetric } =
      loadProgram<typeof import("../../handler/metrics.ts")>("handler/metrics.ts");
    const functionName = "Pacerpro-Reboot-Automation";
    const lines: string[] = [];
    const options = { functionName, now: () => 1, writeLine: (line: string) => lines.push(line) };
    for (const name of [
      "AlertRefused",
      "UnauthenticatedRequest",
      "NotificationFailed",
      "NotRecovered",
      "RecoveryUnconfirmed",
      "SharedCause",
    ] as const) {
      countMetric(name, options);
    }

    const written = lines.map((line) => {
      const { _aws, ...values } = JSON.parse(line);
      const [{ Namespace: namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
      const [[dimension]] = Dimensions;
      return {
        namespace,
        metricName: Metrics[0].Name,
        dimensions: { [dimension]: values[dimension] },
      };
    });
    const group = await runProgram({ instanceIds: "i-01234567,i-01234568" });
    const own = group
      .inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ namespace }) => namespace === "RebootAutomation")
      .map(({ namespace, metricName, dimensions }) => ({ namespace, metricName, dimensions }));
    expect(own).to.have.deep.members(written);
  });
});
