import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { boundaryNameOf } from "../../infra/role-boundary.ts";
import { itemsIn } from "../../infra/setting-forms.ts";
import { evidenceBucketName, groupNames, stackNames } from "../../infra/stack-names.ts";
import { namesOfTargets } from "../../infra/targets/names.ts";
import { amiParameter } from "../../infra/web-server/web-server.ts";
import type { OptionRole } from "./option-role.ts";
import { type Settings, targetsOf } from "./settings.ts";
import { stateBucketName } from "./stack-names.ts";
import { type TargetNames, targetNamesOf } from "./target-names.ts";

/**
 * The ARNs of all that the deployed program has. Automatic names end in random characters, and each of these is
 * a `?`: so no ARN is that of another stack whose names begin alike, for example `dev-eu` beside `dev`.
 */
export interface Names {
  /** How every name of the stack begins; see `pulumi:autonaming` in the program's Pulumi.yaml. */
  readonly prefix: string;
  readonly region: pulumi.Output<string>;
  /** The function's role; it alone has a name without a random ending, so that it alone can be passed. */
  readonly role: pulumi.Output<string>;
  readonly boundary: pulumi.Output<string>;
  readonly oidcProvider: pulumi.Output<string>;
  /** The bucket of the state. S3 accepts only lower-case letters, digits and -, and each name once worldwide. */
  readonly stateBucket: pulumi.Output<string>;
  readonly function: pulumi.Output<string>;
  readonly eventSourceMappings: pulumi.Output<string>;
  /** Those of every account and region: a policy of this account gives nobody access to another one, and a condition gives the region. */
  readonly anyEventSourceMapping: pulumi.Output<string>;
  readonly logGroup: pulumi.Output<string>;
  readonly topics: readonly pulumi.Output<string>[];
  /** Their subscriptions, by ids that only AWS knows. */
  readonly subscriptions: readonly pulumi.Output<string>[];
  readonly queues: readonly pulumi.Output<string>[];
  readonly tables: readonly pulumi.Output<string>[];
  readonly alarms: readonly pulumi.Output<string>[];
  /** The resources of the targets that are set. */
  readonly targets: TargetNames;
  /** A role that the program has with an option. */
  optionRole(about: Pick<OptionRole, "title" | "logicalName" | "service" | "most">): OptionRole;
  /** The dashboard in CloudWatch, which is in no region. */
  readonly dashboard: pulumi.Output<string>;
  readonly evidenceBucket: pulumi.Output<string>;
  /** A role of AWS's own service. */
  serviceLinkedRole(service: string, name: string): pulumi.Output<string>;
  /** The one topic, queue, table or alarm with this logical name. Throws if the program has none. */
  named(logicalName: string): pulumi.Output<string>;
  /** The type of an instance that may be created. */
  readonly instanceType: string;
  /** The VPC in which an instance may be created. */
  readonly vpc: pulumi.Output<string>;
  /** Newest Amazon Linux, a parameter of AWS's own. */
  readonly amiParameter: pulumi.Output<string>;
  /** ARNs of EC2: the type with an id, or `*` where only tags can say whose it is. */
  ec2(typeAndId: string): pulumi.Output<string>;
  /** Amazon's and everybody's images. */
  readonly images: pulumi.Output<string>;
  /** The ids of the instances, where they are not of the stack: of one, or of a group. */
  readonly existingInstances: readonly string[];
  /** That a resource has the stack's tags, or is created with them; see infra/stack-tags.ts. */
  ofStack(key: "aws:RequestTag" | "aws:ResourceTag"): {
    readonly StringEquals: Readonly<Record<string, string>>;
  };
}

/** The names in the account and region of the AWS provider. */
export function namesOf(settings: Settings): Names {
  const { project, stack, functionName, instanceIds, instanceType, vpcId } = settings;
  const { accountId } = aws.getCallerIdentityOutput();
  const { region } = aws.getRegionOutput();
  const { partition } = aws.getPartitionOutput();
  const here = (service: string, resource: pulumi.Input<string>) =>
    pulumi.interpolate`arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const ofIam = (resource: string) =>
    pulumi.interpolate`arn:${partition}:iam::${accountId}:${resource}`;
  const prefix = `${project}-${stack}-`;
  const names = [
    ...stackNames,
    ...(instanceIds ? groupNames : []),
    ...namesOfTargets(targetsOf(settings)),
  ];
  const inNoRegion = (service: string, resource: string) =>
    pulumi.interpolate`arn:${partition}:${service}::${accountId}:${resource}`;
  const named = new Map<string, pulumi.Output<string>>();
  const arnsOf = (type: string, arnOf: (name: string) => pulumi.Output<string>) =>
    names
      .filter((it) => it.type === type)
      .map(({ logicalName, nameOf }) => {
        const arn = arnOf(nameOf(`${project}-${stack}`, "?"));
        named.set(logicalName, arn);
        return arn;
      });
  const topics = arnsOf("aws:sns/topic:Topic", (name) => here("sns", name));
  return {
    prefix,
    region,
    role: ofIam(`role/${prefix}reboot-role`),
    boundary: ofIam(`policy/${prefix}boundary`),
    oidcProvider: ofIam("oidc-provider/token.actions.githubusercontent.com"),
    stateBucket: accountId.apply((it) => stateBucketName(`${project}-${stack}`, it)),
    function: here("lambda", `function:${functionName}`),
    eventSourceMappings: here("lambda", "event-source-mapping:*"),
    anyEventSourceMapping: pulumi.interpolate`arn:${partition}:lambda:*:*:event-source-mapping:*`,
    logGroup: here("logs", `log-group:/aws/lambda/${functionName}`),
    topics,
    subscriptions: topics.map((it) => pulumi.interpolate`${it}:*`),
    queues: arnsOf("aws:sqs/queue:Queue", (name) => here("sqs", name)),
    tables: arnsOf("aws:dynamodb/table:Table", (name) => here("dynamodb", `table/${name}`)),
    alarms: arnsOf("aws:cloudwatch/metricAlarm:MetricAlarm", (name) =>
      here("cloudwatch", `alarm:${name}`),
    ),
    targets: targetNamesOf(namesOfTargets(targetsOf(settings)), {
      here,
      inNoRegion,
      nameOf: (it) => it.nameOf(`${project}-${stack}`, "?"),
    }),
    serviceLinkedRole: (service, name) => ofIam(`role/aws-service-role/${service}/${name}`),
    optionRole(about) {
      const boundaryName = boundaryNameOf(`${prefix}boundary`, about.logicalName);
      return {
        ...about,
        arn: ofIam(`role/${prefix}${about.logicalName}`),
        boundaryName,
        boundary: ofIam(`policy/${boundaryName}`),
      };
    },
    dashboard: inNoRegion("cloudwatch", `dashboard/${project}-${stack}`),
    evidenceBucket: pulumi.interpolate`arn:${partition}:s3:::${accountId.apply((id) => evidenceBucketName(`${project}-${stack}`, id))}`,
    named(logicalName) {
      const arn = named.get(logicalName);
      if (!arn) throw new Error(`infra/stack-names.ts has no ${logicalName} with an ARN`);
      return arn;
    },
    instanceType,
    // Asked for only where an instance is created: an account need not have a default VPC.
    get vpc() {
      const id = vpcId ?? aws.ec2.getVpcOutput({ default: true }).id;
      return here("ec2", pulumi.interpolate`vpc/${id}`);
    },
    amiParameter: pulumi.interpolate`arn:${partition}:ssm:${region}::parameter${amiParameter}`,
    ec2: (typeAndId) => here("ec2", typeAndId),
    images: pulumi.interpolate`arn:${partition}:ec2:${region}::image/*`,
    existingInstances: existingInstancesIn(settings),
    ofStack: (key) => ({
      StringEquals: { [`${key}/Project`]: project, [`${key}/Stack`]: stack },
    }),
  };
}

function existingInstancesIn({ instanceId, instanceIds }: Settings): string[] {
  if (instanceIds) return itemsIn(instanceIds);
  return instanceId ? [instanceId] : [];
}
