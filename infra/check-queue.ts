import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The queue that brings an incident back to the function, and the one for what it cannot handle. */
export interface CheckQueue {
  readonly queue: aws.sqs.Queue;
  readonly deadLetters: aws.sqs.Queue;
}

const twoWeeksSeconds = 14 * 24 * 3_600;
/** With two minutes between the deliveries, a check that keeps failing is a dead letter after ten. */
const deliveries = 5;

/** Makes both queues; SQS encrypts them by itself. */
export function createCheckQueue(
  name: string,
  { functionTimeoutSeconds }: { functionTimeoutSeconds: number },
  parent: pulumi.Resource,
): CheckQueue {
  const deadLetters = new aws.sqs.Queue(
    `${name}-dead-letters`,
    { messageRetentionSeconds: twoWeeksSeconds, sqsManagedSseEnabled: true },
    { parent },
  );
  const queue = new aws.sqs.Queue(
    `${name}-checks`,
    {
      // Lambda takes no queue that delivers a message again while the function may still run.
      visibilityTimeoutSeconds: 2 * functionTimeoutSeconds,
      sqsManagedSseEnabled: true,
      redrivePolicy: pulumi.jsonStringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: deliveries,
      }),
    },
    { parent },
  );
  return { queue, deadLetters };
}
