import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { PipesClient } from "@aws-sdk/client-pipes";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { DrilledStack } from "./stack.ts";
import type { SumoLogicApi } from "./sumo-logic.ts";

/** All that the drill reaches out to: the stack, its clouds, and the time. */
export interface Ports {
  readonly stack: DrilledStack;
  readonly sumoLogic: SumoLogicApi;
  readonly lambda: LambdaClient;
  readonly sns: SNSClient;
  readonly ec2: EC2Client;
  readonly logs: CloudWatchLogsClient;
  readonly events: EventBridgeClient;
  readonly pipes: PipesClient;
  readonly loadBalancers: ElasticLoadBalancingV2Client;
  /** Posts to an address on the internet. */
  readonly post: (
    url: string,
    request: { headers: Record<string, string>; body: string },
  ) => Promise<{ status: number; body: string }>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}
