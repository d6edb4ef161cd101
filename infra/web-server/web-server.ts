import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackTags } from "../stack-tags.ts";
import { refuseAutoScaling } from "./existing-ids.ts";
import { webServerUserData } from "./user-data.ts";

/** What is monitored and rebooted: an instance that is created here, an existing one, or a group of those. */
export interface RebootTarget {
  /** One or more. */
  readonly instanceIds: readonly pulumi.Output<string>[];
  /** Of the same instances, in the same order. */
  readonly instanceArns: readonly pulumi.Output<string>[];
  /** For example `t2.micro`. A group has none, since its instances can have different ones. */
  readonly instanceType?: pulumi.Output<string>;
}

/** An existing instance. The preview fails if it does not exist or belongs to an Auto Scaling group. */
export function existingWebServer(instanceId: string): RebootTarget {
  const instance = aws.ec2.getInstanceOutput({ instanceId });
  const instanceArn = pulumi
    .all([instance.arn, refuseAutoScaling([instanceId])])
    .apply(([arn]) => arn);
  return {
    instanceIds: [pulumi.output(instanceId)],
    instanceArns: [instanceArn],
    instanceType: instance.instanceType,
  };
}

export interface WebServerArgs {
  /** An x86_64 instance type. */
  readonly instanceType: string;
  /** The network that can reach port 80. None can if absent. */
  readonly httpCidr?: string;
  /** A subnet of the default VPC if absent. */
  readonly subnetId?: string;
  /** The URL that the access log is sent to. If absent, the instance serves nothing. */
  readonly logSourceUrl?: pulumi.Output<string>;
}

/** The newest Amazon Linux 2023: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html */
export const amiParameter = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/**
 * One EC2 instance with Amazon Linux 2023: IMDSv2 only, encrypted disk, no SSH. It serves a demonstration API
 * behind nginx and ships the access log if it has a `logSourceUrl`.
 */
export class WebServer extends pulumi.ComponentResource implements RebootTarget {
  public readonly instanceIds: readonly pulumi.Output<string>[];
  public readonly instanceArns: readonly pulumi.Output<string>[];
  public readonly instanceType: pulumi.Output<string>;

  constructor(name: string, args: WebServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:WebServer", name, {}, opts);
    const securityGroup = createSecurityGroup(name, args, this);
    const instance = new aws.ec2.Instance(
      name,
      {
        // `value` is a secret, which would hide the instance's AMI in every preview.
        ami: aws.ssm.getParameterOutput({ name: amiParameter }, { parent: this }).insecureValue,
        instanceType: args.instanceType,
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [securityGroup.id],
        metadataOptions: { httpTokens: "required" },
        rootBlockDevice: { encrypted: true },
        userData: args.logSourceUrl?.apply(webServerUserData),
        // cloud-init reads it at the first boot only. A change has no effect on a running instance.
        userDataReplaceOnChange: true,
        tags: { Name: name, ...stackTags() },
      },
      // A new AMI every few weeks must not replace a running server.
      { parent: this, ignoreChanges: ["ami"] },
    );
    this.instanceIds = [instance.id];
    this.instanceArns = [instance.arn];
    this.instanceType = instance.instanceType;
    this.registerOutputs({ instanceId: instance.id, instanceArn: instance.arn });
  }
}

/** All outbound traffic (package updates, logs); inbound HTTP only from `httpCidr`. */
function createSecurityGroup(name: string, args: WebServerArgs, parent: pulumi.Resource) {
  const vpcId = args.subnetId && aws.ec2.getSubnetOutput({ id: args.subnetId }, { parent }).vpcId;
  const anywhere = ["0.0.0.0/0"];
  return new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    {
      description: "Web server: HTTP in, no SSH",
      vpcId,
      ingress: args.httpCidr
        ? [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: [args.httpCidr] }]
        : [],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: anywhere }],
      tags: stackTags(),
    },
    { parent },
  );
}
