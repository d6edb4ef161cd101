import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { runProgram, sourceUrl, webhookToken } from "./mocks.ts";

const { monitorQuery } =
  loadProgram<typeof import("../../infra/alert-query.ts")>("infra/alert-query.ts");

type Run = Awaited<ReturnType<typeof runProgram>>;

describe("index.ts", () => {
  let run: Run;
  before(async () => {
    run = await runProgram();
  });

  it("makes exactly these resources", () => {
    expect(run.registered.map(({ type, name }) => `${type} ${name}`).sort()).to.deep.equal([
      "aws:cloudwatch/logGroup:LogGroup reboot-log",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-dead-letters",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-errors",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-flood",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-not-recovered",
      "aws:cloudwatch/metricAlarm:MetricAlarm alarms-not-told",
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

  it("makes an instance with IMDSv2 only, an encrypted disk and no key pair", () => {
    const [{ userData: _, ...inputs }, ...others] = run.inputsOf("aws:ec2/instance:Instance");

    expect([inputs, ...others]).to.deep.equal([
      {
        ami: "ami-1",
        instanceType: "t2.micro",
        vpcSecurityGroupIds: ["id-of-web-server-security-group"],
        metadataOptions: { httpTokens: "required" },
        rootBlockDevice: { encrypted: true },
        userDataReplaceOnChange: true,
        tags: { Name: "web-server", Project: "reboot-automation", Stack: "dev" },
      },
    ]);
  });

  it("sends the instance's log to the source, whose URL is a secret", async () => {
    const [{ userData }] = run.inputsOf("aws:ec2/instance:Instance");

    expect(JSON.stringify(userData)).to.include("1b47061264138c4ac30d75fd1eb44270");
    expect(JSON.stringify(userData)).to.include(`LOG_SOURCE_URL=${sourceUrl}`);
  });

  it("makes a hosted collector and an HTTP source that takes each line as a message", () => {
    expect(run.inputsOf("sumologic:index/collector:Collector")).to.deep.equal([
      { name: "reboot-automation-dev", description: "Made by Pulumi" },
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

  it("lets nobody in from outside", () => {
    const [group] = run.inputsOf("aws:ec2/securityGroup:SecurityGroup");

    expect(group.ingress).to.deep.equal([]);
  });

  it("tags what has only an id of EC2's with its project and stack", () => {
    const [{ tags }] = run.inputsOf("aws:ec2/securityGroup:SecurityGroup");

    expect(tags).to.deep.equal({ Project: "reboot-automation", Stack: "dev" });
  });

  it("makes the topic and its subscription", () => {
    expect(run.inputsOf("aws:sns/topicSubscription:TopicSubscription")).to.deep.equal([
      { topic: "arn:topic", protocol: "email", endpoint: "oncall@example.com" },
    ]);
  });

  it("gives the function a log group that forgets", () => {
    expect(run.inputsOf("aws:cloudwatch/logGroup:LogGroup")).to.deep.equal([
      { name: "/aws/lambda/Pacerpro-Reboot-Automation", retentionInDays: 30 },
    ]);
  });

  it("makes one role for Lambda alone, without managed policies", () => {
    const [role, ...others] = run.inputsOf("aws:iam/role:Role");

    expect(others).to.deep.equal([]);
    expect(Object.keys(role)).to.deep.equal(["assumeRolePolicy"]);
    expect(JSON.parse(role.assumeRolePolicy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
        },
      ],
    });
  });

  it("lets the role have its one policy, and no other", () => {
    expect(run.inputsOf("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive")).to.deep.equal([
      { roleName: "reboot-role", policyNames: ["reboot-role-policy-1234567"] },
    ]);
    const exclusive = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive";
    expect(run.inputsOf(exclusive)).to.deep.equal([{ roleName: "reboot-role", policyArns: [] }]);
  });

  it("makes a table with one key, whose items end by themselves", () => {
    expect(run.inputsOf("aws:dynamodb/table:Table")).to.deep.equal([
      {
        attributes: [{ name: "id", type: "S" }],
        hashKey: "id",
        billingMode: "PAY_PER_REQUEST",
        ttl: { attributeName: "expiresAt", enabled: true },
      },
    ]);
  });

  it("allows the role exactly eight statements", () => {
    const [policy, ...others] = run.inputsOf("aws:iam/rolePolicy:RolePolicy");

    expect(others).to.deep.equal([]);
    expect(policy.role).to.equal("reboot-role");
    expect(JSON.parse(policy.policy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ClaimReboots",
          Effect: "Allow",
          Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
          Resource: ["arn:table"],
        },
        {
          Sid: "LookAtInstances",
          Effect: "Allow",
          Action: ["ec2:DescribeInstanceStatus"],
          Resource: ["*"],
        },
        {
          Sid: "RebootTheInstance",
          Effect: "Allow",
          Action: ["ec2:RebootInstances"],
          Resource: ["arn:instance"],
        },
        { Sid: "TellPeople", Effect: "Allow", Action: ["sns:Publish"], Resource: ["arn:topic"] },
        {
          Sid: "CheckLater",
          Effect: "Allow",
          Action: ["sqs:SendMessage"],
          Resource: ["arn:reboot-checks"],
        },
        {
          Sid: "ReceiveChecks",
          Effect: "Allow",
          Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
          Resource: ["arn:reboot-checks"],
        },
        {
          Sid: "KeepFailedCalls",
          Effect: "Allow",
          Action: ["sqs:SendMessage"],
          Resource: ["arn:reboot-dead-letters"],
        },
        {
          Sid: "WriteOwnLog",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: ["arn:log-group:*"],
        },
      ],
    });
  });

  it("configures the function", () => {
    const [{ code, ...inputs }] = run.inputsOf("aws:lambda/function:Function");

    expect(code).not.to.equal(undefined);
    expect(inputs).to.deep.equal({
      name: "Pacerpro-Reboot-Automation",
      role: "arn:role",
      handler: "__index.handler",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      memorySize: 512,
      timeout: 60,
      loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/Pacerpro-Reboot-Automation" },
      environment: {
        variables: {
          INSTANCE_ID: "id-of-web-server",
          TOPIC_ARN: "arn:topic",
          // SHA-256 of 64 times "a", in the clear: previews then show changes of the function.
          TOKEN_SHA256: "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb",
          MONITOR_NAME: "Slow responses of api data",
          ALERT_RULE: "more than 5 responses of /api/data over 3 s in 10 minutes",
          LOG_GROUP: "/aws/lambda/Pacerpro-Reboot-Automation",
          TABLE_NAME: "reboot-table",
          COOLDOWN_MINUTES: "30",
          MAX_REBOOTS_PER_DAY: "3",
          QUEUE_URL: "https://sqs/reboot-checks",
          QUEUE_ARN: "arn:reboot-checks",
          CHECK_EVERY_MINUTES: "3",
          MAX_CHECKS: "9",
        },
      },
    });
  });

  it("takes checks from its queue one by one, and gives back what fails", () => {
    expect(run.inputsOf("aws:lambda/eventSourceMapping:EventSourceMapping")).to.deep.equal([
      {
        functionName: "Pacerpro-Reboot-Automation",
        eventSourceArn: "arn:reboot-checks",
        batchSize: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
      },
    ]);
  });

  it("delivers a check five times, then keeps it for two weeks", () => {
    const [{ redrivePolicy, ...queue }] = run.inputsNamed("reboot-checks");

    expect(queue).to.deep.equal({ visibilityTimeoutSeconds: 120, sqsManagedSseEnabled: true });
    expect(JSON.parse(redrivePolicy)).to.deep.equal({
      deadLetterTargetArn: "arn:reboot-dead-letters",
      maxReceiveCount: 5,
    });
    expect(run.inputsNamed("reboot-dead-letters")).to.deep.equal([
      { messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true },
    ]);
  });

  it("delivers no check again while the function may still run", () => {
    const [{ timeout }] = run.inputsOf("aws:lambda/function:Function");
    const [{ visibilityTimeoutSeconds }] = run.inputsNamed("reboot-checks");

    expect(visibilityTimeoutSeconds).to.be.above(timeout);
  });

  it("tells people by alarms of what the function cannot tell", () => {
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
      { ...alarm, namespace: "RebootAutomation", metricName: "StrangerRefused", threshold: 100 },
      { ...alarm, namespace: "RebootAutomation", metricName: "NotTold" },
      { ...alarm, namespace: "RebootAutomation", metricName: "NotRecovered" },
      { ...alarm, namespace: "RebootAutomation", metricName: "RecoveryUnconfirmed" },
    ]);
  });

  it("has alarms on exactly the metrics that the function writes, with their dimension", () => {
    const { countMetric } =
      loadProgram<typeof import("../../handler/metrics.ts")>("handler/metrics.ts");
    const functionName = "Pacerpro-Reboot-Automation";
    const lines: string[] = [];
    const options = { functionName, now: () => 1, writeLine: (line: string) => lines.push(line) };
    for (const name of [
      "AlertRefused",
      "StrangerRefused",
      "NotTold",
      "NotRecovered",
      "RecoveryUnconfirmed",
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
    const own = run
      .inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ namespace }) => namespace === "RebootAutomation")
      .map(({ namespace, metricName, dimensions }) => ({ namespace, metricName, dimensions }));
    expect(own).to.have.deep.members(written);
  });

  it("never has Lambda repeat a call or make it late, and keeps the failed one", () => {
    expect(
      run.inputsOf("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"),
    ).to.deep.equal([
      {
        functionName: "Pacerpro-Reboot-Automation",
        maximumRetryAttempts: 0,
        maximumEventAgeInSeconds: 60,
        destinationConfig: { onFailure: { destination: "arn:reboot-dead-letters" } },
      },
    ]);
  });

  it("opens the function's URL by exactly its two permissions", () => {
    expect(run.inputsOf("aws:lambda/functionUrl:FunctionUrl")).to.deep.equal([
      { functionName: "Pacerpro-Reboot-Automation", authorizationType: "NONE" },
    ]);
    expect(run.inputsOf("aws:lambda/permission:Permission")).to.have.deep.members([
      {
        function: "Pacerpro-Reboot-Automation",
        action: "lambda:InvokeFunctionUrl",
        principal: "*",
        functionUrlAuthType: "NONE",
      },
      {
        function: "Pacerpro-Reboot-Automation",
        action: "lambda:InvokeFunction",
        principal: "*",
        invokedViaFunctionUrl: true,
      },
    ]);
  });

  it("connects Sumo Logic to the function's URL with the token as a secret header", () => {
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

  it("monitors the count of slow responses of its own instance, strictly", () => {
    expect(run.inputsNamed("latency")).to.deep.equal([
      {
        name: "Slow responses of api data",
        description: "Fires at more than 5 responses of /api/data over 3 s in 10 minutes",
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
              instanceId: "id-of-web-server",
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

  it("monitors missing lines of its own instance, by Sumo Logic's e-mail alone", async () => {
    const [{ notifications, ...monitor }] = run.inputsNamed("silence");

    expect(monitor).to.deep.equal({
      name: "No access log",
      description: "Fires when no line came for 15 minutes; nothing is rebooted",
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

  it("saves the analyst's search with the window as timeslice", () => {
    const [search] = run.inputsNamed("latency-search");

    expect(search.parentId).to.equal("personal");
    expect(search.name).to.equal("Slow responses (reboot-automation-dev)");
    expect(search.queryString.split("\n").slice(-3)).to.deep.equal([
      "| timeslice 10m",
      "| count as slow_count, max(response_time_s) as worst_s by _timeslice, instance_id",
      "| sort by _timeslice asc",
    ]);
  });

  it("exports what people need", () => {
    const { logSourceUrl, ...outputs } = run.outputs;

    expect(logSourceUrl).to.equal(sourceUrl);
    expect(outputs).to.deep.equal({
      instanceId: "id-of-web-server",
      topicArn: "arn:topic",
      functionName: "Pacerpro-Reboot-Automation",
      functionUrl: "https://id.lambda-url/",
      logGroupName: "/aws/lambda/Pacerpro-Reboot-Automation",
      tableName: "reboot-table",
      checksUrl: "https://sqs/reboot-checks",
      deadLettersUrl: "https://sqs/reboot-dead-letters",
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

  it("gives the token to the connection's header and to nothing else", () => {
    const others = run.registered.filter(({ name }) => name !== "latency-connection");

    expect(JSON.stringify(others)).not.to.include(webhookToken);
  });
});

describe("index.ts with other settings", () => {
  it("uses the existing instance and creates none", async () => {
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

  it("bounds the function's role where a boundary is given", async () => {
    const permissionsBoundary = "arn:aws:iam::123456789012:policy/reboot-automation-dev-boundary";
    const { inputsOf } = await runProgram({ permissionsBoundary });

    expect(inputsOf("aws:iam/role:Role")[0].permissionsBoundary).to.equal(permissionsBoundary);
  });

  it("leaves the instance bare where no web server is wanted", async () => {
    const { inputsOf } = await runProgram({ webServer: "false" });

    expect(inputsOf("aws:ec2/instance:Instance")[0]).not.to.have.property("userData");
  });

  it("tells missing lines after the time that is asked for, to every address", async () => {
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

  it("opens port 80, and no other, to the range that is asked for", async () => {
    const { inputsOf } = await runProgram({ httpCidr: "203.0.113.0/24" });

    const [group] = inputsOf("aws:ec2/securityGroup:SecurityGroup");
    expect(group.ingress).to.deep.equal([
      { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["203.0.113.0/24"] },
    ]);
  });

  it("puts instance and security group into the VPC of the subnet", async () => {
    const { inputsOf } = await runProgram({ subnetId: "subnet-01234567" });

    expect(inputsOf("aws:ec2/instance:Instance")[0].subnetId).to.equal("subnet-01234567");
    expect(inputsOf("aws:ec2/securityGroup:SecurityGroup")[0].vpcId).to.equal("vpc-1");
  });

  it("subscribes every address", async () => {
    const { inputsOf } = await runProgram({ notificationEmail: "a@example.com, b@example.com" });

    const endpoints = inputsOf("aws:sns/topicSubscription:TopicSubscription").map(
      ({ endpoint }) => endpoint,
    );
    expect(endpoints).to.have.members(["a@example.com", "b@example.com"]);
  });

  it("accepts both tokens during a rotation and sends the new one", async () => {
    const { inputsOf } = await runProgram({ webhookTokenPrevious: "b".repeat(64) });

    const [{ environment }] = inputsOf("aws:lambda/function:Function");
    expect(environment.variables.TOKEN_SHA256).to.equal(
      "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb," +
        "a0fab1377f49a759b57f63318262ebe89fabfc990e8e93ceac2984561482b9d4",
    );
    const [{ headers }] = inputsOf("sumologic:index/connection:Connection");
    expect(JSON.stringify(headers)).to.include(`Bearer ${webhookToken}`);
  });
});
