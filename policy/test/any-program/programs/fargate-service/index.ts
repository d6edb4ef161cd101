import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FargateService } from "./fargate";

const vpc = aws.ec2.getVpcOutput({ default: true });
const subnets = aws.ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });

const repository = new aws.ecr.Repository("web", { forceDelete: true });
new aws.ecr.LifecyclePolicy("web", {
  repository: repository.name,
  policy: {
    rules: [
      {
        rulePriority: 1,
        description: "Keep ten images",
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 10 },
        action: { type: "expire" },
      },
    ],
  },
});

const group = new aws.ec2.SecurityGroup("web", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
});
const loadBalancer = new aws.lb.LoadBalancer("web", {
  securityGroups: [group.id],
  subnets: subnets.ids,
});
const targets = new aws.lb.TargetGroup("web", {
  port: 80,
  protocol: "HTTP",
  targetType: "ip",
  vpcId: vpc.id,
});
const listener = new aws.lb.Listener("web", {
  loadBalancerArn: loadBalancer.arn,
  port: 80,
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});

const cluster = new aws.ecs.Cluster("web");
const messages = new aws.sqs.Queue("messages");
const password = new aws.secretsmanager.Secret("database-password");

const taskRole = new aws.iam.Role("web-task", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" }),
});
new aws.iam.RolePolicy("web-task", {
  role: taskRole.name,
  policy: messages.arn.apply((arn) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: arn }],
    }),
  ),
});
// For `aws ecs execute-command`.
new aws.iam.RolePolicy("web-task-exec", {
  role: taskRole.name,
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        Resource: "*",
      },
    ],
  }),
});

new FargateService(
  "web",
  {
    cluster: cluster.arn,
    image: pulumi.interpolate`${repository.repositoryUrl}:latest`,
    port: 8080,
    targetGroup: targets.arn,
    subnets: subnets.ids,
    securityGroups: [group.id],
    taskRole,
    environment: [{ name: "MESSAGE_QUEUE", value: messages.url }],
    secrets: [{ name: "DATABASE_PASSWORD", valueFrom: password.arn }],
  },
  { dependsOn: [listener] },
);

// Deploys new images from CI.
const deployer = new aws.iam.User("deployer");
new aws.iam.UserPolicy("deployer", {
  user: deployer.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      { Effect: "Allow", Action: "ecr:*", Resource: repository.arn },
      {
        Effect: "Allow",
        Action: ["ecs:RegisterTaskDefinition", "ecs:UpdateService", "iam:PassRole"],
        Resource: "*",
      },
    ],
  },
});
const key = new aws.iam.AccessKey("deployer", { user: deployer.name });

export const url = pulumi.interpolate`http://${loadBalancer.dnsName}`;
export const accessKeyId = key.id;
export const secretAccessKey = key.secret;
