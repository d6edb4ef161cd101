import { expect } from "chai";
import { runProgram, webhookToken } from "./mocks.ts";

type Run = Awaited<ReturnType<typeof runProgram>>;

describe("the reboot function", () => {
  let run: Run;
  before(async () => {
    run = await runProgram();
  });

  it("has a log group with a retention", () => {
    expect(run.inputsOf("aws:cloudwatch/logGroup:LogGroup")).to.deep.equal([
      { name: "/aws/lambda/Pacerpro-Reboot-Automation", retentionInDays: 30 },
    ]);
  });

  it("has one role for Lambda only, without managed policies", () => {
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

  it("has exclusive policies on the role", () => {
    expect(run.inputsOf("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive")).to.deep.equal([
      { roleName: "reboot-role", policyNames: ["reboot-role-policy-1234567"] },
    ]);
    const exclusive = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive";
    expect(run.inputsOf(exclusive)).to.deep.equal([{ roleName: "reboot-role", policyArns: [] }]);
  });

  it("has a table with one key and a time to live", () => {
    expect(run.inputsOf("aws:dynamodb/table:Table")).to.deep.equal([
      {
        attributes: [{ name: "id", type: "S" }],
        hashKey: "id",
        billingMode: "PAY_PER_REQUEST",
        ttl: { attributeName: "expiresAt", enabled: true },
      },
    ]);
  });

  it("allows exactly eight statements", () => {
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
          Sid: "DescribeInstances",
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
        {
          Sid: "PublishNotifications",
          Effect: "Allow",
          Action: ["sns:Publish"],
          Resource: ["arn:topic"],
        },
        {
          Sid: "ScheduleChecks",
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
          Sid: "KeepFailedInvocations",
          Effect: "Allow",
          Action: ["sqs:SendMessage"],
          Resource: ["arn:reboot-dead-letters"],
        },
        {
          Sid: "WriteLogs",
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
          ALERT_SYMPTOM: "responses of /api/data took over 3 s",
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

  it("passes quiet hours to the function and the outputs only if they are set", async () => {
    const quiet = await runProgram({ quietHours: "Sat 02:00-04:00 Europe/Berlin" });
    const variablesOf = ({ inputsOf }: Run) =>
      inputsOf("aws:lambda/function:Function")[0].environment.variables;

    expect(variablesOf(quiet)).to.deep.equal({
      ...variablesOf(run),
      QUIET_HOURS: "Sat 02:00-04:00 Europe/Berlin",
    });
    expect(quiet.outputs.quietHours).to.equal("Sat 02:00-04:00 Europe/Berlin");
    expect(quiet.registered.length).to.equal(run.registered.length);
  });

  it("consumes checks one by one and returns failed ones to the queue", () => {
    expect(run.inputsOf("aws:lambda/eventSourceMapping:EventSourceMapping")).to.deep.equal([
      {
        functionName: "Pacerpro-Reboot-Automation",
        eventSourceArn: "arn:reboot-checks",
        batchSize: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
      },
    ]);
  });

  it("delivers a check five times, then keeps it in the dead-letter queue for two weeks", () => {
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

  it("delivers no check again while the function can still be running", () => {
    const [{ timeout }] = run.inputsOf("aws:lambda/function:Function");
    const [{ visibilityTimeoutSeconds }] = run.inputsNamed("reboot-checks");

    expect(visibilityTimeoutSeconds).to.be.above(timeout);
  });

  it("has no retries and no late invocations, and keeps failed ones", () => {
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

  it("has a public URL with exactly two permissions", () => {
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

  it("sets the permissions boundary of the role", async () => {
    const permissionsBoundary = "arn:aws:iam::123456789012:policy/reboot-automation-dev-boundary";
    const { inputsOf } = await runProgram({ permissionsBoundary });

    expect(inputsOf("aws:iam/role:Role")[0].permissionsBoundary).to.equal(permissionsBoundary);
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
