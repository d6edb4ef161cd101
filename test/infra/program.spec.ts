import { expect } from "chai";
import { runProgram, sourceUrl, webhookToken } from "./mocks.ts";

type Run = Awaited<ReturnType<typeof runProgram>>;

describe("index.ts", () => {
  let run: Run;
  before(async () => {
    run = await runProgram();
  });

  it("creates exactly these resources", () => {
    expect(run.registered.map(({ type, name }) => `${type} ${name}`).sort()).to.deep.equal([
      "aws:cloudwatch/logGroup:LogGroup reboot-log",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-dead-letters",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-errors",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-flood",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-not-recovered",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-notification-failed",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-recovery-unconfirmed",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-refused-alerts",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-stuck-checks",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-throttles",
      "aws:dynamodb/table:Table reboot-table",
      "aws:ec2/instance:Instance web-server",
      "aws:ec2/securityGroup:SecurityGroup web-server-security-group",
      "aws:iam/role:Role reboot-role",
      "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive reboot-role-policies",
      "aws:iam/rolePolicy:RolePolicy reboot-role-policy",
      "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive reboot-role-attachments",
      "aws:lambda/eventSourceMapping:EventSourceMapping reboot-take-checks",
      "aws:lambda/function:Function reboot",
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig reboot-no-retry",
      "aws:lambda/functionUrl:FunctionUrl reboot-url",
      "aws:lambda/permission:Permission reboot-url-invoke-permission",
      "aws:lambda/permission:Permission reboot-url-permission",
      "aws:sns/topic:Topic notifications",
      "aws:sns/topicSubscription:TopicSubscription notifications-oncall@example.com",
      "aws:sqs/queue:Queue reboot-checks",
      "aws:sqs/queue:Queue reboot-dead-letters",
      "sumologic:index/collector:Collector access-log-collector",
      "sumologic:index/connection:Connection latency-connection",
      "sumologic:index/httpSource:HttpSource access-log",
      "sumologic:index/logSearch:LogSearch access-log-check",
      "sumologic:index/logSearch:LogSearch latency-search",
      "sumologic:index/monitor:Monitor latency",
      "sumologic:index/monitor:Monitor silence",
      "sumologic:index/monitorFolder:MonitorFolder latency-folder",
    ]);
  });

  it("subscribes the e-mail address to the topic", () => {
    expect(run.inputsOf("aws:sns/topicSubscription:TopicSubscription")).to.deep.equal([
      { topic: "arn:topic", protocol: "email", endpoint: "oncall@example.com" },
    ]);
  });

  it("exports what users and tools need", () => {
    const { logSourceUrl, ...outputs } = run.outputs;

    expect(logSourceUrl).to.equal(sourceUrl);
    expect(outputs).to.deep.equal({
      instanceId: "id-of-web-server",
      topicArn: "arn:topic",
      functionName: "Pacerpro-Reboot-Automation",
      functionUrl: "https://id.lambda-url/",
      logGroupName: "/aws/lambda/Pacerpro-Reboot-Automation",
      tableName: "reboot-table",
      checkQueueUrl: "https://sqs/reboot-checks",
      deadLetterQueueUrl: "https://sqs/reboot-dead-letters",
      monitorId: "id-of-latency",
      savedSearchId: "id-of-latency-search",
      silenceMonitorId: "id-of-silence",
      logCheckSearchId: "id-of-access-log-check",
      alertRule: {
        apiPath: "/api/data",
        slowResponseSeconds: 3,
        maxSlowResponses: 5,
        windowMinutes: 10,
      },
      nextStep: "Confirm the subscription in the e-mail that AWS sends to oncall@example.com.",
    });
  });

  it("uses the token in the connection's header only", () => {
    const others = run.registered.filter(({ name }) => name !== "latency-connection");

    expect(JSON.stringify(others)).not.to.include(webhookToken);
  });

  it("uses an existing instance and creates none", async () => {
    const { inputsOf, invoked, outputs } = await runProgram({ instanceId: "i-01234567" });

    expect(inputsOf("aws:ec2/instance:Instance")).to.deep.equal([]);
    expect(inputsOf("aws:ec2/securityGroup:SecurityGroup")).to.deep.equal([]);
    expect(invoked).to.include("aws:ec2/getInstance:getInstance");
    expect(outputs.instanceId).to.equal("i-01234567");
    const [policy] = inputsOf("aws:iam/rolePolicy:RolePolicy");
    expect(JSON.parse(policy.policy).Statement[2].Resource).to.deep.equal([
      "arn:existing-instance",
    ]);
  });

  it("creates two dashboards with `dashboard`, and nothing else", async () => {
    const { registered, outputs } = await runProgram({ dashboard: "true" });

    const before = run.registered.map(({ name }) => name);
    const added = registered.filter(({ name }) => !before.includes(name));
    expect(added.map(({ type, name }) => `${type} ${name}`).sort()).to.deep.equal([
      "aws:cloudwatch/dashboard:Dashboard dashboard",
      "sumologic:index/dashboard:Dashboard dashboard-responses",
    ]);
    expect(registered).to.have.length(run.registered.length + 2);
    expect(outputs.dashboardUrl).to.equal(
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/reboot-automation-dev",
    );
  });

  it("subscribes every address", async () => {
    const { inputsOf } = await runProgram({ notificationEmail: "a@example.com, b@example.com" });

    const endpoints = inputsOf("aws:sns/topicSubscription:TopicSubscription").map(
      ({ endpoint }) => endpoint,
    );
    expect(endpoints).to.have.members(["a@example.com", "b@example.com"]);
  });
});
