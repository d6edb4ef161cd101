import { CloudWatchClient, DeleteAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateTagsCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DeleteTopicCommand,
  PublishCommand,
  SNSClient,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";

// biome-ignore lint/suspicious/noExplicitAny: each client has its commands
type Client = new (target: any) => any;

/** A call that is refused: what it is for, its client and command, and the refusal (`ACTION on RESOURCE`). */
export type Attempt = readonly [what: string, client: Client, command: object, refusal: string];

const account = "arn:aws:iam::000000000000";
const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});
const ownRole = "reboot-automation-dev-reboot-role";
const boundary = `${account}:policy/reboot-automation-dev-boundary`;
const code = { ZipFile: Buffer.from("x") };
const functionName = "Pacerpro-Reboot-Automation";
const otherInstance = "i-0123456789abcdef0";
const table = (TableName: string) => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" as const }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }],
});
const ownInstance = {
  ImageId: "ami-1",
  InstanceType: "t2.micro" as const,
  MinCount: 1,
  MaxCount: 1,
  TagSpecifications: [
    {
      ResourceType: "instance" as const,
      Tags: [
        { Key: "Project", Value: "reboot-automation" },
        { Key: "Stack", Value: "dev" },
      ],
    },
  ],
};

/** What the deploy role must not do: to what is not in the stack, or to the roles. */
export const deployAttempts: readonly Attempt[] = [
  [
    "another function",
    LambdaClient,
    new CreateFunctionCommand({
      FunctionName: "other",
      Role: `${account}:role/${ownRole}`,
      Code: code,
    }),
    "lambda:CreateFunction on arn:aws:lambda:us-east-1:000000000000:function:other",
  ],
  [
    "the code of another function",
    LambdaClient,
    new UpdateFunctionCodeCommand({ FunctionName: "other", ZipFile: code.ZipFile }),
    "lambda:UpdateFunctionCode on arn:aws:lambda:us-east-1:000000000000:function:other",
  ],
  [
    "another role for the function",
    LambdaClient,
    new UpdateFunctionConfigurationCommand({
      FunctionName: functionName,
      Role: `${account}:role/admin`,
    }),
    `iam:PassRole on ${account}:role/admin`,
  ],
  [
    "its role for the function",
    LambdaClient,
    new UpdateFunctionConfigurationCommand({
      FunctionName: functionName,
      Role: `${account}:role/reboot-automation-dev-deploy`,
    }),
    `iam:PassRole on ${account}:role/reboot-automation-dev-deploy`,
  ],
  [
    "another table",
    DynamoDBClient,
    new CreateTableCommand(table("orders")),
    "dynamodb:CreateTable on arn:aws:dynamodb:us-east-1:000000000000:table/orders",
  ],
  [
    "the table of another stack",
    DynamoDBClient,
    new DeleteTableCommand({ TableName: "reboot-automation-prod-reboot-table-1a2b3c4" }),
    "dynamodb:DeleteTable on arn:aws:dynamodb:us-east-1:000000000000:table/reboot-automation-prod-reboot-table-1a2b3c4",
  ],
  ...attemptsOnDevEu(),
  [
    "a user",
    IAMClient,
    new CreateUserCommand({ UserName: "mallory" }),
    `iam:CreateUser on ${account}:user/mallory`,
  ],
  [
    "a role without the boundary",
    IAMClient,
    new CreateRoleCommand({ RoleName: ownRole, AssumeRolePolicyDocument: trust }),
    `iam:CreateRole on ${account}:role/${ownRole}`,
  ],
  [
    "a role with another boundary",
    IAMClient,
    new CreateRoleCommand({
      RoleName: ownRole,
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
    }),
    `iam:CreateRole on ${account}:role/${ownRole}`,
  ],
  [
    "another role, though bounded",
    IAMClient,
    new CreateRoleCommand({
      RoleName: "other",
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: boundary,
    }),
    `iam:CreateRole on ${account}:role/other`,
  ],
  [
    "more for itself",
    IAMClient,
    new PutRolePolicyCommand({
      RoleName: "reboot-automation-dev-deploy",
      PolicyName: "all",
      PolicyDocument: everything,
    }),
    `iam:PutRolePolicy on ${account}:role/reboot-automation-dev-deploy`,
  ],
  [
    "a managed policy for itself",
    IAMClient,
    new AttachRolePolicyCommand({
      RoleName: "reboot-automation-dev-deploy",
      PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    }),
    `iam:AttachRolePolicy on ${account}:role/reboot-automation-dev-deploy`,
  ],
  [
    "a managed policy for the function's role",
    IAMClient,
    new AttachRolePolicyCommand({
      RoleName: ownRole,
      PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    }),
    `iam:AttachRolePolicy on ${account}:role/${ownRole}`,
  ],
  [
    "another trust for the function's role",
    IAMClient,
    new UpdateAssumeRolePolicyCommand({ RoleName: ownRole, PolicyDocument: trust }),
    `iam:UpdateAssumeRolePolicy on ${account}:role/${ownRole}`,
  ],
  [
    "the function's role deleted, to create it with another trust",
    IAMClient,
    new DeleteRoleCommand({ RoleName: ownRole }),
    `iam:DeleteRole on ${account}:role/${ownRole}`,
  ],
  [
    "another trust for itself",
    IAMClient,
    new UpdateAssumeRolePolicyCommand({
      RoleName: "reboot-automation-dev-deploy",
      PolicyDocument: trust,
    }),
    `iam:UpdateAssumeRolePolicy on ${account}:role/reboot-automation-dev-deploy`,
  ],
  [
    "other security groups for an instance",
    EC2Client,
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: "eni-0123456789abcdef0",
      Groups: ["sg-0123456789abcdef0"],
    }),
    "ec2:ModifyNetworkInterfaceAttribute on arn:aws:ec2:us-east-1:000000000000:network-interface/eni-0123456789abcdef0",
  ],
  [
    "tags for another instance",
    EC2Client,
    new CreateTagsCommand({ Resources: [otherInstance], Tags: [{ Key: "Name", Value: "x" }] }),
    `ec2:CreateTags on arn:aws:ec2:us-east-1:000000000000:instance/${otherInstance}`,
  ],
  [
    "the function's role without its boundary",
    IAMClient,
    new DeleteRolePermissionsBoundaryCommand({ RoleName: ownRole }),
    `iam:DeleteRolePermissionsBoundary on ${account}:role/${ownRole}`,
  ],
  [
    "a wider boundary for the function's role",
    IAMClient,
    new PutRolePermissionsBoundaryCommand({
      RoleName: ownRole,
      PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
    }),
    `iam:PutRolePermissionsBoundary on ${account}:role/${ownRole}`,
  ],
  [
    "more in the boundary itself",
    IAMClient,
    new CreatePolicyVersionCommand({
      PolicyArn: boundary,
      PolicyDocument: everything,
      SetAsDefault: true,
    }),
    `iam:CreatePolicyVersion on ${boundary}`,
  ],
  [
    "an instance without the stack's tags",
    EC2Client,
    new RunInstancesCommand({
      ImageId: "ami-1",
      InstanceType: "t2.micro",
      MinCount: 1,
      MaxCount: 1,
    }),
    "ec2:RunInstances on arn:aws:ec2:us-east-1:000000000000:instance/*",
  ],
  [
    "an instance of another type",
    EC2Client,
    new RunInstancesCommand({ ...ownInstance, InstanceType: "p5.48xlarge" }),
    "ec2:RunInstances on arn:aws:ec2:us-east-1:000000000000:instance/*",
  ],
  [
    "an instance with a network interface that is not in the stack's VPC",
    EC2Client,
    new RunInstancesCommand({
      ...ownInstance,
      NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: "eni-0123456789abcdef0" }],
    }),
    "ec2:RunInstances on arn:aws:ec2:us-east-1:000000000000:network-interface/eni-0123456789abcdef0",
  ],
  [
    "the end of another instance",
    EC2Client,
    new TerminateInstancesCommand({ InstanceIds: [otherInstance] }),
    `ec2:TerminateInstances on arn:aws:ec2:us-east-1:000000000000:instance/${otherInstance}`,
  ],
  [
    "an e-mail to the topic's people",
    SNSClient,
    new PublishCommand({
      TopicArn: "arn:aws:sns:us-east-1:000000000000:reboot-automation-dev-notifications-1",
      Message: "x",
    }),
    "sns:Publish on arn:aws:sns:us-east-1:000000000000:reboot-automation-dev-notifications-1",
  ],
  [
    "the state of another project",
    S3Client,
    new GetObjectCommand({
      Bucket: "reboot-automation-dev-state-000000000000",
      Key: ".pulumi/stacks/payroll/prod.json",
    }),
    "s3:GetObject on arn:aws:s3:::reboot-automation-dev-state-000000000000/.pulumi/stacks/payroll/prod.json",
  ],
  [
    "the state of a stack whose name begins alike",
    S3Client,
    new PutObjectCommand({
      Bucket: "reboot-automation-dev-state-000000000000",
      Key: ".pulumi/stacks/reboot-automation/dev-eu.json",
      Body: "{}",
    }),
    "s3:PutObject on arn:aws:s3:::reboot-automation-dev-state-000000000000/.pulumi/stacks/reboot-automation/dev-eu.json",
  ],
  [
    "another bucket",
    S3Client,
    new PutObjectCommand({ Bucket: "other", Key: "x", Body: "x" }),
    "s3:PutObject on arn:aws:s3:::other/x",
  ],
];

/** Attempts on each kind of resource of the stack dev-eu, whose names begin as those of the stack dev. */
function attemptsOnDevEu(): readonly Attempt[] {
  const prefix = "reboot-automation-dev-eu";
  const here = (service: string, resource: string) =>
    `arn:aws:${service}:us-east-1:000000000000:${resource}`;
  const topic = here("sns", `${prefix}-notifications-1a2b3c4`);
  const queue = `${prefix}-reboot-checks-1a2b3c4`;
  const table = `${prefix}-reboot-table-1a2b3c4`;
  const alarm = `${prefix}-alarms-errors-1a2b3c4`;
  const role = `${prefix}-reboot-role`;
  const ofRole = { RoleName: role, PolicyName: "x", PolicyDocument: "{}" };
  return [
    [
      "the topic of dev-eu",
      SNSClient,
      new DeleteTopicCommand({ TopicArn: topic }),
      `sns:DeleteTopic on ${topic}`,
    ],
    [
      "a subscription of dev-eu",
      SNSClient,
      new UnsubscribeCommand({ SubscriptionArn: `${topic}:1` }),
      `sns:Unsubscribe on ${topic}:1`,
    ],
    [
      "a queue of dev-eu",
      SQSClient,
      new CreateQueueCommand({ QueueName: queue }),
      `sqs:CreateQueue on ${here("sqs", queue)}`,
    ],
    [
      "the table of dev-eu",
      DynamoDBClient,
      new DeleteTableCommand({ TableName: table }),
      `dynamodb:DeleteTable on ${here("dynamodb", `table/${table}`)}`,
    ],
    [
      "an alarm of dev-eu",
      CloudWatchClient,
      new DeleteAlarmsCommand({ AlarmNames: [alarm] }),
      `cloudwatch:DeleteAlarms on ${here("cloudwatch", `alarm:${alarm}`)}`,
    ],
    [
      "the role of dev-eu",
      IAMClient,
      new PutRolePolicyCommand(ofRole),
      `iam:PutRolePolicy on arn:aws:iam::000000000000:role/${role}`,
    ],
  ];
}
