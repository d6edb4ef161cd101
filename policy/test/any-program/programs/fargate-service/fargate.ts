import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface FargateServiceArgs {
  cluster: pulumi.Input<string>;
  image: pulumi.Input<string>;
  port: number;
  targetGroup: pulumi.Input<string>;
  subnets: pulumi.Input<string[]>;
  securityGroups: pulumi.Input<string>[];
  taskRole: aws.iam.Role;
  environment: { name: string; value: pulumi.Input<string> }[];
  secrets: { name: string; valueFrom: pulumi.Input<string> }[];
}

/** As the component of the same name in @pulumi/awsx. */
export class FargateService extends pulumi.ComponentResource {
  readonly service: aws.ecs.Service;

  constructor(name: string, args: FargateServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("awsx:ecs:FargateService", name, {}, opts);
    const parent = { parent: this };
    const logs = new aws.cloudwatch.LogGroup(`${name}-log`, { retentionInDays: 1 }, parent);
    const execution = new aws.iam.Role(
      `${name}-execution`,
      {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              Action: "sts:AssumeRole",
              Principal: { Service: "ecs-tasks.amazonaws.com" },
              Effect: "Allow",
              Sid: "",
            },
          ],
        },
      },
      parent,
    );
    new aws.iam.RolePolicyAttachment(
      `${name}-execution-9a42f520`,
      {
        role: execution.name,
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
      },
      parent,
    );
    new aws.iam.RolePolicy(
      `${name}-secrets`,
      {
        role: execution.name,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "secretsmanager:GetSecretValue",
              Resource: args.secrets.map((it) => it.valueFrom),
            },
          ],
        },
      },
      parent,
    );
    const task = new aws.ecs.TaskDefinition(
      name,
      {
        family: name,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        executionRoleArn: execution.arn,
        taskRoleArn: args.taskRole.arn,
        containerDefinitions: pulumi.jsonStringify([
          {
            name: "web",
            image: args.image,
            essential: true,
            environment: args.environment,
            secrets: args.secrets,
            portMappings: [{ containerPort: args.port }],
            logConfiguration: {
              logDriver: "awslogs",
              options: {
                "awslogs-group": logs.name,
                "awslogs-region": aws.config.region,
                "awslogs-stream-prefix": "web",
              },
            },
          },
        ]),
      },
      parent,
    );
    this.service = new aws.ecs.Service(
      name,
      {
        cluster: args.cluster,
        launchType: "FARGATE",
        desiredCount: 2,
        taskDefinition: task.arn,
        networkConfiguration: {
          subnets: args.subnets,
          securityGroups: args.securityGroups,
          assignPublicIp: true,
        },
        loadBalancers: [
          { targetGroupArn: args.targetGroup, containerName: "web", containerPort: args.port },
        ],
      },
      parent,
    );
    this.registerOutputs();
  }
}
