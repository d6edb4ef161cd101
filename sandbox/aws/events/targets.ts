import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { EmulatorTarget } from "../emulator.ts";
import { type EventAccess, missing, queueUrlOf } from "./access.ts";
import type { ApiDestination, Connection } from "./api-destination.ts";
import { DeliveryError } from "./attempt.ts";
import type { BusEvent, DeadLetter, Invocation, Rule } from "./bus.ts";
import type { EventCall } from "./event-fault.ts";

/** What delivery needs besides the emulator. */
export interface TargetPorts {
  readonly access: EventAccess;
  destinations(): Iterable<ApiDestination>;
  connections(): Iterable<Connection>;
  invokeDestination(
    destination: ApiDestination,
    connection: Connection,
    body: string,
  ): Promise<void>;
  forward(busArn: string, event: BusEvent): Promise<void>;
  /** Makes a call, or lets it go wrong. */
  call<T>(call: EventCall, act: () => Promise<T>): Promise<T>;
}

/**
 * Delivers to a topic or a queue with the rights that its policy gives, and to an event bus or an API destination
 * with those of the target's role.
 */
export class EventTargets {
  private readonly ports: TargetPorts;
  private readonly sns: SNSClient;
  private readonly sqs: SQSClient;

  constructor(emulator: EmulatorTarget, ports: TargetPorts) {
    this.ports = ports;
    this.sns = new SNSClient(emulator);
    this.sqs = new SQSClient(emulator);
  }

  /** Rejects with a `DeliveryError` if the event was not delivered. */
  invoke({ rule, target, event, body }: Invocation): Promise<void> {
    const { Arn, RoleArn } = target;
    const [, , service, , , resource = ""] = Arn.split(":");
    if (service === "sns") {
      return this.byResource(rule, "sns:Publish", Arn, async () => {
        await this.sns.send(new PublishCommand({ TopicArn: Arn, Message: body }));
      });
    }
    if (service === "sqs") {
      return this.byResource(rule, "sqs:SendMessage", Arn, () =>
        this.sendMessage(Arn, { body, attributes: {} }),
      );
    }
    if (resource.startsWith("event-bus/")) {
      return this.byRole({ rule, action: "events:PutEvents", Arn, RoleArn }, () =>
        this.ports.forward(Arn, event),
      );
    }
    if (resource.startsWith("api-destination/")) {
      return this.byRole({ rule, action: "events:InvokeApiDestination", Arn, RoleArn }, () =>
        this.invokeDestination(Arn, body),
      );
    }
    throw new Error(`the sandbox does not support the target ${Arn}`);
  }

  /** Rejects if the queue does not accept the message. */
  deadLetter(queueArn: string, rule: Rule, letter: DeadLetter): Promise<void> {
    return this.byResource(rule, "sqs:SendMessage", queueArn, () =>
      this.sendMessage(queueArn, letter),
    );
  }

  async sendMessage(queueArn: string, { body, attributes }: DeadLetter): Promise<void> {
    await this.sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrlOf(queueArn),
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [
            name,
            { DataType: "String", StringValue },
          ]),
        ),
      }),
    );
  }

  private async invokeDestination(arn: string, body: string): Promise<void> {
    const destination = [...this.ports.destinations()].find((it) => it.ApiDestinationArn === arn);
    if (!destination) throw missing(arn);
    const { ConnectionArn } = destination;
    const connection = [...this.ports.connections()].find(
      (it) => it.ConnectionArn === ConnectionArn,
    );
    if (!connection) throw missing(ConnectionArn);
    await this.ports.invokeDestination(destination, connection, body);
  }

  private byResource(
    { Arn: sourceArn }: Rule,
    action: string,
    resource: string,
    act: () => Promise<void>,
  ): Promise<void> {
    return this.ports.call({ action, resource }, async () => {
      const access = { service: "events.amazonaws.com", sourceArn, action, resource } as const;
      await this.ports.access.byResource(access);
      await act();
    });
  }

  private byRole(
    {
      rule,
      action,
      Arn: resource,
      RoleArn,
    }: { rule: Rule; action: string; Arn: string; RoleArn: string | undefined },
    act: () => Promise<void>,
  ): Promise<void> {
    return this.ports.call({ action, resource }, async () => {
      if (RoleArn === undefined) {
        const message = `the target ${resource} of ${rule.Arn} has no role`;
        throw new DeliveryError("NO_PERMISSIONS", message, { isRetriable: false });
      }
      const service = "events.amazonaws.com";
      await this.ports.access.byRole(RoleArn, { service, sourceArn: rule.Arn, action, resource });
      await act();
    });
  }
}
