import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The queue that delivers follow-up checks of an incident to the function, and its dead-letter queue. */
export interface CheckQueue {
  readonly queue: aws.sqs.Queue;
  readonly deadLetterQueue: aws.sqs.Queue;
}

const twoWeeksSeconds = 14 * 24 * 3_600;
/** There are two minutes between deliveries: a check that keeps failing ends in the DLQ after ten. */
const maxReceiveCount = 5;

/** Creates both queues. SQS encrypts them with its own keys. */
export function createCheckQueue(
  name: string,
  { functionTimeoutSeconds }: { functionTimeoutSeconds: number },
  parent: pulumi.Resource,
): CheckQueue {
  const deadLetterQueue = new aws.sqs.Queue(
    `${name}-dead-letters`,
    { messageRetentionSeconds: twoWeeksSeconds, sqsManagedSseEnabled: true },
    { parent },
  );
  const queue = new aws.sqs.Queue(
    `${name}-checks`,
    {
      // Lambda refuses a queue that delivers a message again while the function can still be running.
      visibilityTimeoutSeconds: 2 * functionTimeoutSeconds,
      sqsManagedSseEnabled: true,
      redrivePolicy: pulumi.jsonStringify({
        deadLetterTargetArn: deadLetterQueue.arn,
        maxReceiveCount,
      }),
    },
    { parent },
  );
  return { queue, deadLetterQueue };
}
