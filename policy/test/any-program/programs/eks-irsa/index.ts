import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "./cluster";

const vpc = aws.ec2.getVpcOutput({ default: true });
const subnets = aws.ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });

const eks = new Cluster("shop", {
  vpcId: vpc.id,
  subnetIds: [subnets.ids[0], subnets.ids[1]],
  instanceType: "t3.large",
});

const pictures = new aws.s3.Bucket("pictures");
const issuer = eks.cluster.identities[0].oidcs[0].issuer.apply((it) => it.replace("https://", ""));

// The role of a service account, as in Pulumi's examples.
const picturesRole = new aws.iam.Role("pictures-role", {
  assumeRolePolicy: pulumi.all([eks.oidcProvider.arn, issuer]).apply(([providerArn, host]) =>
    aws.iam
      .getPolicyDocument({
        statements: [
          {
            actions: ["sts:AssumeRoleWithWebIdentity"],
            principals: [{ type: "Federated", identifiers: [providerArn] }],
            conditions: [
              {
                test: "StringEquals",
                variable: `${host}:sub`,
                values: ["system:serviceaccount:shop:pictures"],
              },
            ],
          },
        ],
      })
      .then((document) => document.json),
  ),
});
new aws.iam.RolePolicy("pictures-policy", {
  role: picturesRole,
  policy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "s3:ListBucket", Resource: pictures.arn },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: pulumi.interpolate`${pictures.arn}/*`,
      },
    ],
  },
});

// An add-on's role by pod identity.
const ebsRole = new aws.iam.Role("ebs-csi-role", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      },
    ],
  }),
});
new aws.iam.RolePolicyAttachment("ebs-csi-policy", {
  role: ebsRole.name,
  policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
});
new aws.eks.Addon("ebs-csi", {
  clusterName: eks.cluster.name,
  addonName: "aws-ebs-csi-driver",
  podIdentityAssociations: [{ roleArn: ebsRole.arn, serviceAccount: "ebs-csi-controller-sa" }],
});

// From the installation guide of the AWS Load Balancer Controller, shortened.
const controllerRole = new aws.iam.Role("load-balancer-controller", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      },
    ],
  }),
});
const controllerPolicy = new aws.iam.Policy("load-balancer-controller", {
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["iam:CreateServiceLinkedRole"],
        Resource: "*",
        Condition: {
          StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
        },
      },
      {
        Effect: "Allow",
        Action: [
          "ec2:DescribeAvailabilityZones",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeVpcs",
          "elasticloadbalancing:DescribeListeners",
          "elasticloadbalancing:DescribeLoadBalancers",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
        ],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: ["ec2:CreateTags"],
        Resource: "arn:aws:ec2:*:*:security-group/*",
        Condition: {
          StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" },
          Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "false" },
        },
      },
      {
        Effect: "Allow",
        Action: [
          "elasticloadbalancing:CreateLoadBalancer",
          "elasticloadbalancing:CreateTargetGroup",
        ],
        Resource: "*",
        Condition: { Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "false" } },
      },
      {
        Effect: "Allow",
        Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
        Resource: "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*",
      },
    ],
  }),
});
new aws.iam.RolePolicyAttachment("load-balancer-controller", {
  role: controllerRole.name,
  policyArn: controllerPolicy.arn,
});
new aws.eks.PodIdentityAssociation("load-balancer-controller", {
  clusterName: eks.cluster.name,
  namespace: "kube-system",
  serviceAccount: "aws-load-balancer-controller",
  roleArn: controllerRole.arn,
});

export const clusterName = eks.cluster.name;
