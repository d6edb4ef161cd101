import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface NotificationsArgs {
  /** Each gets a subscription. Its owner must confirm it from the e-mail that AWS sends. */
  readonly emailAddresses: readonly string[];
}

/** The SNS topic of all notifications, with its e-mail subscriptions. */
export class Notifications extends pulumi.ComponentResource {
  public readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:Notifications", name, args, opts);
    const topic = new aws.sns.Topic(name, { displayName: "Reboot automation" }, { parent: this });
    for (const address of args.emailAddresses) {
      new aws.sns.TopicSubscription(
        `${name}-${address}`,
        { topic: topic.arn, protocol: "email", endpoint: address },
        { parent: this },
      );
    }
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
