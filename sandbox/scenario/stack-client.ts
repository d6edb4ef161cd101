import { gzipSync } from "node:zlib";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeInstancesCommand,
  EC2Client,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { EventBridgeClient, ListEventBusesCommand } from "@aws-sdk/client-eventbridge";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  RemovePermissionCommand,
} from "@aws-sdk/client-lambda";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { OutputMap } from "@pulumi/pulumi/automation/index.js";
import { functionLog } from "../../operate/drill/function-log.ts";
import { executionCredentials } from "../aws/execution-role.ts";
import type { HttpResponse } from "../aws/function-url.ts";
import type { RecordedCall } from "../aws/gateway.ts";
import type { Environment } from "../environment.ts";
import type { Notification } from "../sumo-logic/notify.ts";
import { accessLog, type Speed } from "../web-server/access-log.ts";
import { runInstances } from "./existing-instances.ts";

/** The outputs of a deployed stack. */
export interface StackOutputs {
  /** The instances of a group, or the stack's only one. */
  readonly instanceIds: readonly string[];
  /** The first of them. */
  readonly instanceId: string;
  readonly topicArn: string;
  readonly functionName: string;
  readonly functionUrl: string;
  readonly logGroupName: string;
  readonly logSourceUrl: string;
  readonly tableName: string;
  readonly deadLetterQueueUrl: string;
  /** Of a stack with targets for its events. */
  readonly eventBusName?: string;
  readonly eventDeadLetterQueueUrl?: string;
  readonly chatTopicArn?: string;
}

/** The outputs as the engine returns them; a stack has either `instanceId` or `instanceIds`. */
export function stackOutputs(outputs: OutputMap): StackOutputs {
  const values = Object.fromEntries(
    Object.entries(outputs).map(([key, { value }]) => [key, value]),
  );
  const { instanceIds = [values.instanceId] } = values;
  return { ...values, instanceIds, instanceId: instanceIds[0] } as unknown as StackOutputs;
}

/** The body of a webhook for a window that ends now, with other fields if they are given. */
export function alertBody(
  instanceId: string,
  nowMs: number,
  fields: Readonly<Record<string, string>> = {},
): string {
  return JSON.stringify({
    schema: "1",
    monitorId: "0123456789abcdef",
    triggerType: "Critical",
    triggerValue: "6",
    windowStartMs: String(nowMs - 600_000),
    windowEndMs: String(nowMs),
    instanceId,
    alertUrl: "",
    ...fields,
  });
}

/** What users, Sumo Logic and an intruder can do to a deployed stack, and what they observe. */
export class StackClient {
  private readonly environment: Environment;
  private readonly stack: StackOutputs;
  private readonly lambda: LambdaClient;
  private readonly ec2: EC2Client;
  private callsReturned = 0;

  constructor(environment: Environment, stack: StackOutputs) {
    this.environment = environment;
    this.stack = stack;
    this.lambda = new LambdaClient(environment.aws);
    this.ec2 = new EC2Client(environment.aws);
    this.newReboots();
  }

  /** Sends the access log of `count` responses of /api/data, as the collector on the instance does. */
  async logResponses(
    count: number,
    speed: Speed,
    instanceId = this.stack.instanceId,
  ): Promise<void> {
    const { logSourceUrl } = this.stack;
    const lines = accessLog(speed, count, { instanceId, timeMs: this.environment.clock.now() });
    const response = await fetch(logSourceUrl, {
      method: "POST",
      headers: { "content-encoding": "gzip" },
      body: gzipSync(`${lines.join("\n")}\n`),
    });
    if (!response.ok) throw new Error(`Sumo Logic's intake responded with ${response.status}`);
  }

  /**
   * Advances the clock; Sumo Logic evaluates its monitors once in each minute. Returns what it sent. Events
   * arrive first, since a pipe drops those that get too old.
   */
  async advanceMinutes(minutes: number): Promise<Notification[]> {
    await this.environment.events.idle();
    const sent: Notification[] = [];
    for (let minute = 0; minute < minutes; minute++) {
      this.environment.clock.advance(1);
      sent.push(...(await this.environment.sumoLogic.evaluateMonitors()));
    }
    return sent;
  }

  /** The calls of RebootInstances since the last call of this method. */
  newReboots(): RecordedCall[] {
    const fresh = this.environment.gateway.calls.slice(this.callsReturned);
    this.callsReturned = this.environment.gateway.calls.length;
    return fresh.filter(({ action }) => action === "ec2:RebootInstances");
  }

  /** Invokes the function manually, without a payload by default. */
  async invoke(payload?: unknown): Promise<{ error?: string; response: Record<string, unknown> }> {
    const { FunctionError: error, Payload } = await this.lambda.send(
      new InvokeCommand({
        FunctionName: this.stack.functionName,
        ...(payload !== undefined && { Payload: JSON.stringify(payload) }),
      }),
    );
    const response = JSON.parse(Payload?.transformToString() ?? "null");
    return error === undefined ? { response } : { error, response };
  }

  /** Posts an alert to the function URL with this token. */
  postAlert(token: string, fields: Record<string, string> = {}): Promise<HttpResponse> {
    const { instanceId } = this.stack;
    return this.postWebhook(token, alertBody(instanceId, this.environment.clock.now(), fields));
  }

  /** Calls the function URL with this token and body. */
  postWebhook(token: string, body: string): Promise<HttpResponse> {
    return this.environment.callUrl(this.stack.functionUrl, {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
    });
  }

  /**
   * Runs `action` while the function lacks each of its URL's permissions in turn: the program's, and the
   * one that the provider added itself.
   */
  async withoutEachPermission(action: (lacking: string) => Promise<void>): Promise<void> {
    const FunctionName = this.stack.functionName;
    const { Policy = "" } = await this.lambda.send(new GetPolicyCommand({ FunctionName }));
    const statements: { Sid: string; Action: string }[] = JSON.parse(Policy).Statement;
    for (const Action of new Set(statements.map((it) => it.Action))) {
      const ofAction = statements.filter((it) => it.Action === Action);
      for (const { Sid: StatementId } of ofAction) {
        await this.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
      }
      await action(Action);
      const isUrl = Action === "lambda:InvokeFunctionUrl";
      const condition = isUrl
        ? ({ FunctionUrlAuthType: "NONE" } as const)
        : { InvokedViaFunctionUrl: true };
      for (const { Sid: StatementId } of ofAction) {
        const input = { FunctionName, StatementId, Action, Principal: "*", ...condition };
        await this.lambda.send(new AddPermissionCommand(input));
      }
    }
  }

  /** The function's own log lines: the messages of its JSON log records. */
  logRecords(): Promise<Record<string, unknown>[]> {
    return functionLog(new CloudWatchLogsClient(this.environment.aws), this.stack.logGroupName);
  }

  /** Starts another instance, tries to reboot it with the function's role, and returns the error. */
  async rebootAnotherInstance(): Promise<{ instanceId: string; error: string }> {
    const [instanceId = ""] = await runInstances(this.environment.aws, 1);
    const { Configuration } = await this.lambda.send(
      new GetFunctionCommand({ FunctionName: this.stack.functionName }),
    );
    const { FunctionArn = "", Role = "" } = Configuration ?? {};
    const credentials = executionCredentials(this.environment.aws.credentials, FunctionArn, Role);
    try {
      await new EC2Client({ ...this.environment.aws, credentials }).send(
        new RebootInstancesCommand({ InstanceIds: [instanceId] }),
      );
      return { instanceId, error: "" };
    } catch (error) {
      return { instanceId, error: (error as Error).name };
    } finally {
      await this.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    }
  }

  /** Stops the instance, so that it does not recover after its reboot. */
  async stopInstance(): Promise<void> {
    await this.ec2.send(new StopInstancesCommand({ InstanceIds: [this.stack.instanceId] }));
  }

  async startInstance(): Promise<void> {
    await this.ec2.send(new StartInstancesCommand({ InstanceIds: [this.stack.instanceId] }));
  }

  /** All that is left in AWS and Sumo Logic, by name; empty after a destroy. */
  async leftovers(): Promise<string[]> {
    const { aws, gateway, sumoLogic } = this.environment;
    const { pipes, eventConnections, chatbot } = gateway.services;
    const [alarms, tables, queues, mappings, functions, topics, roles, groups, instances, buses] =
      await Promise.all([
        new CloudWatchClient(aws).send(new DescribeAlarmsCommand({})),
        new DynamoDBClient(aws).send(new ListTablesCommand({})),
        new SQSClient(aws).send(new ListQueuesCommand({})),
        this.lambda.send(new ListEventSourceMappingsCommand({})),
        this.lambda.send(new ListFunctionsCommand({})),
        new SNSClient(aws).send(new ListTopicsCommand({})),
        new IAMClient(aws).send(new ListRolesCommand({})),
        new CloudWatchLogsClient(aws).send(new DescribeLogGroupsCommand({})),
        this.ec2.send(new DescribeInstancesCommand({})),
        new EventBridgeClient(aws).send(new ListEventBusesCommand({})),
      ]);
    const running = (instances.Reservations ?? [])
      .flatMap((it) => it.Instances ?? [])
      .filter((it) => it.State?.Name !== "terminated");
    return [
      ...(alarms.MetricAlarms ?? []).map((it) => `alarm ${it.AlarmName}`),
      ...(tables.TableNames ?? []).map((name) => `table ${name}`),
      ...(queues.QueueUrls ?? []).map((url) => `queue ${url}`),
      ...(mappings.EventSourceMappings ?? []).map((it) => `event source mapping ${it.UUID}`),
      ...(functions.Functions ?? []).map((it) => `function ${it.FunctionName}`),
      ...(topics.Topics ?? []).map((it) => `topic ${it.TopicArn}`),
      ...(roles.Roles ?? []).map((it) => `role ${it.RoleName}`),
      ...(groups.logGroups ?? []).map((it) => `log group ${it.logGroupName}`),
      ...(buses.EventBuses ?? [])
        .filter(({ Name }) => Name !== "default")
        .map(({ Name }) => `event bus ${Name}`),
      ...[...pipes.all.keys()].map((name) => `pipe ${name}`),
      ...[...eventConnections.destinations.keys()].map((name) => `API destination ${name}`),
      ...[...eventConnections.connections.keys()].map((name) => `connection ${name}`),
      ...[...chatbot.channels.keys()].map((arn) => `channel ${arn}`),
      ...running.map((it) => `instance ${it.InstanceId}`),
      ...Object.entries(sumoLogic.counts())
        .filter(([, count]) => count > 0)
        .map(([kind, count]) => `${count} ${kind} in Sumo Logic`),
    ];
  }
}
