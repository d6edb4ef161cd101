import { accountFunctions, checkAccount } from "./aws-account.ts";
import { chatbotResources } from "./aws-chatbot.ts";
import { cloudwatchResources } from "./aws-cloudwatch.ts";
import { dynamodbResources } from "./aws-dynamodb.ts";
import { ec2Functions, ec2Resources } from "./aws-ec2.ts";
import { eventConnectionResources } from "./aws-event-connections.ts";
import { eventsResources } from "./aws-events.ts";
import { iamResources } from "./aws-iam.ts";
import { iamOtherResources } from "./aws-iam-others.ts";
import { kmsResources } from "./aws-kms.ts";
import { lambdaResources } from "./aws-lambda.ts";
import { logsResources } from "./aws-logs.ts";
import { awsOutputs } from "./aws-outputs.ts";
import { pipesResources } from "./aws-pipes.ts";
import { s3Resources } from "./aws-s3.ts";
import { securityGroupResources } from "./aws-security-group.ts";
import { snsResources } from "./aws-sns.ts";
import { sqsResources } from "./aws-sqs.ts";
import type { AwsTarget } from "./aws-target.ts";
import { tagSettings, withDefaultTags } from "./default-tags.ts";
import { type Provider, packageVersion } from "./resource-type.ts";

/** Package `aws`: exactly the resource types and functions that the program uses. */
export function awsProvider(target: AwsTarget, sdkLayerArn: string): Provider {
  let tags = tagSettings(new Map());
  const resources = {
    ...ec2Resources(target),
    ...securityGroupResources(target),
    ...snsResources(target),
    ...sqsResources(target),
    ...logsResources(target),
    ...cloudwatchResources(target),
    ...dynamodbResources(target),
    ...eventsResources(target),
    ...eventConnectionResources(target),
    ...pipesResources(target),
    ...chatbotResources(target),
    ...iamResources(target),
    ...iamOtherResources(target),
    ...kmsResources(target),
    ...s3Resources(target),
    ...lambdaResources(target, sdkLayerArn),
  };
  return {
    version: packageVersion("@pulumi/aws"),
    configure(settings) {
      const region = settings.get("region");
      if (region !== target.region) {
        throw new Error(`aws:region must be ${target.region} in the sandbox: got ${region}`);
      }
      tags = tagSettings(settings);
      return checkAccount(target, settings.get("allowedAccountIds"));
    },
    outputs: (type) => awsOutputs(type, target.region),
    resources: withDefaultTags(resources, () => tags),
    functions: { ...ec2Functions(target), ...accountFunctions(target) },
  };
}
