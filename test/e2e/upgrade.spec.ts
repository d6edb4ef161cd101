import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import {
  root,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

/**
 * The state of a stack that an earlier version of this program deployed into a sandbox: the output of
 * `pulumi stack export --show-secrets` without source positions and without the text of the function's
 * code. Its secrets are those of that sandbox. Keep it as it is: stacks in use have states like this.
 */
const earlierState = join(root, "test", "fixtures", "stack-state", "earlier-version.json");
/** The token that the earlier version deployed; another one would replace the connection. */
const webhookToken = "a".repeat(64);

interface Step {
  readonly operation: string;
  /** Type, logical name and the id before the update. */
  readonly resource: string;
}

/** The steps that a preview of this program plans for the earlier state, without a refresh. */
async function previewUpgrade(environment: TestEnvironment): Promise<Step[]> {
  const engine = await environment.createEngine({
    policyPack: null,
    settings: { webhookToken: { value: webhookToken, secret: true } },
  });
  await engine.stack.importStack(JSON.parse(readFileSync(earlierState, "utf8")));
  const steps: Step[] = [];
  await engine.stack.preview({
    onEvent({ resourcePreEvent }: EngineEvent) {
      if (!resourcePreEvent) return;
      const { op, type, urn, old } = resourcePreEvent.metadata;
      const resource = `${type} ${urn.split("::").at(-1)} ${old?.id}`;
      steps.push({ operation: op, resource });
    },
  });
  return steps;
}

describe("an upgrade of a stack that an earlier version deployed", () => {
  let environment: TestEnvironment;
  let steps: Step[];
  before(async () => {
    environment = await startTestEnvironment();
    steps = await previewUpgrade(environment);
  });
  after(() => environment.stop());

  it("replaces nothing, and deletes only what has another name now and holds no data", () => {
    const planned = steps.filter(({ operation }) => !["same", "update"].includes(operation));

    // A new version of the AWS provider is a new resource for Pulumi.
    expect(
      planned.filter(({ resource }) => !resource.startsWith("pulumi:providers:")),
    ).to.have.deep.members([
      {
        operation: "create",
        resource: "aws:cloudwatch/metricAlarm:MetricAlarm alarms-notification-failed undefined",
      },
      {
        operation: "delete",
        resource:
          // prose-allow told: the alarm's name in the earlier version
          "aws:cloudwatch/metricAlarm:MetricAlarm alarms-not-told reboot-automation-sandbox-alarms-not-told-40ca476",
      },
    ]);
  });

  it("keeps everything that holds data, with its names", () => {
    const kept = steps.filter(({ operation }) => ["same", "update"].includes(operation));

    expect(kept.map(({ resource }) => resource)).to.include.members([
      "aws:dynamodb/table:Table reboot-table reboot-automation-sandbox-reboot-table-9072863",
      "aws:sqs/queue:Queue reboot-checks http://127.0.0.1:34951/000000000000/reboot-automation-sandbox-reboot-checks-a02406c",
      "aws:sqs/queue:Queue reboot-dead-letters http://127.0.0.1:34951/000000000000/reboot-automation-sandbox-reboot-dead-letters-a6b5ac8",
      "aws:sns/topic:Topic notifications arn:aws:sns:us-east-1:000000000000:reboot-automation-sandbox-notifications-bdb72c5",
      "aws:sns/topicSubscription:TopicSubscription notifications-oncall@example.com arn:aws:sns:us-east-1:000000000000:reboot-automation-sandbox-notifications-bdb72c5:59aaead4-0fa7-4722-ba3f-c22e68df6ec6",
      "aws:iam/role:Role reboot-role reboot-automation-sandbox-reboot-role",
      "aws:lambda/function:Function reboot Pacerpro-Reboot-Automation",
      "aws:lambda/functionUrl:FunctionUrl reboot-url Pacerpro-Reboot-Automation",
      "aws:cloudwatch/logGroup:LogGroup reboot-log /aws/lambda/Pacerpro-Reboot-Automation",
      "aws:ec2/instance:Instance web-server i-97ee85022548969b7",
      "sumologic:index/collector:Collector access-log-collector 600511987",
      "sumologic:index/httpSource:HttpSource access-log 605107594",
    ]);
  });
});
