import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface ServiceRoleArgs {
  service: string;
  managedPolicyArns: string[];
}

/** As the component of the same name in @pulumi/eks. */
class ServiceRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;

  constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks:index:ServiceRole", name, args, opts);
    this.role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: args.service }) },
      { parent: this },
    );
    args.managedPolicyArns.forEach((policyArn, index) => {
      new aws.iam.RolePolicyAttachment(
        `${name}-policy-${index}`,
        { role: this.role, policyArn },
        { parent: this },
      );
    });
    this.registerOutputs({ role: this.role });
  }
}

export interface ClusterArgs {
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  instanceType: string;
}

/** As the component of the same name in @pulumi/eks. */
export class Cluster extends pulumi.ComponentResource {
  readonly cluster: aws.eks.Cluster;
  readonly oidcProvider: aws.iam.OpenIdConnectProvider;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks:index:Cluster", name, args, opts);
    const parent = { parent: this };
    const clusterRole = new ServiceRole(
      `${name}-eksRole`,
      {
        service: "eks.amazonaws.com",
        managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"],
      },
      parent,
    );
    const instanceRole = new ServiceRole(
      `${name}-instanceRole`,
      {
        service: "ec2.amazonaws.com",
        managedPolicyArns: [
          "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
          "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
          "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly",
        ],
      },
      parent,
    );
    const clusterSecurityGroup = new aws.ec2.SecurityGroup(
      `${name}-eksClusterSecurityGroup`,
      {
        vpcId: args.vpcId,
        revokeRulesOnDelete: true,
        egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
      },
      parent,
    );
    this.cluster = new aws.eks.Cluster(
      `${name}-eksCluster`,
      {
        roleArn: clusterRole.role.arn,
        vpcConfig: {
          subnetIds: args.subnetIds,
          securityGroupIds: [clusterSecurityGroup.id],
          endpointPublicAccess: true,
        },
      },
      parent,
    );
    new aws.eks.NodeGroup(
      `${name}-nodes`,
      {
        clusterName: this.cluster.name,
        nodeRoleArn: instanceRole.role.arn,
        subnetIds: args.subnetIds,
        instanceTypes: [args.instanceType],
        scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 4 },
      },
      parent,
    );
    this.oidcProvider = new aws.iam.OpenIdConnectProvider(
      `${name}-oidcProvider`,
      {
        url: this.cluster.identities[0].oidcs[0].issuer,
        clientIdLists: ["sts.amazonaws.com"],
        thumbprintLists: ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
      },
      parent,
    );
    this.registerOutputs({ cluster: this.cluster });
  }
}
