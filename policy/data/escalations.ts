/**
 * Privilege escalation paths: the ones that most programs can meet, without those that contain a
 * shorter path.
 *
 * Source: Datadog's https://pathfinding.cloud/. An id without a number is not a page there:
 * - `iam-set-default`: https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
 * - `iam-boundary-…`: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 * - `ecs-update-service`: https://cloud.hacktricks.wiki/en/pentesting-cloud/aws-security/aws-privilege-escalation/aws-ecs-privesc/
 * Refresh: compare the ids with https://github.com/DataDog/pathfinding.cloud (data/paths). The tests check
 * that every action exists and that no path contains another.
 */

/** Actions that together give their holder the permissions of another identity. */
export interface Escalation {
  /** The path's page below https://pathfinding.cloud/paths/, which also says how it is done. */
  readonly id: string;
  readonly actions: readonly string[];
  /** The gain, as the end of "it can …". */
  readonly gain: string;
  /** The service that receives a role; a condition on iam:PassedToService must name it. */
  readonly service?: string;
  /** The action whose resources determine the role that is gained: the role itself, or a resource that has one. */
  readonly through?: string;
  /** True if the gain is another user, so a user who can do it only to itself gains nothing. */
  readonly isOfAnother?: boolean;
}

const ownPolicy = "give itself any permission";

/** Paths that change IAM itself. */
const inIam: readonly Escalation[] = [
  { id: "iam-001", actions: ["iam:CreatePolicyVersion"], gain: ownPolicy },
  anotherUser("iam-002", "iam:CreateAccessKey"),
  anotherUser("iam-004", "iam:CreateLoginProfile"),
  { id: "iam-005", actions: ["iam:PutRolePolicy"], gain: ownPolicy },
  anotherUser("iam-006", "iam:UpdateLoginProfile"),
  { id: "iam-007", actions: ["iam:PutUserPolicy"], gain: ownPolicy },
  { id: "iam-008", actions: ["iam:AttachUserPolicy"], gain: ownPolicy },
  { id: "iam-009", actions: ["iam:AttachRolePolicy"], gain: ownPolicy },
  { id: "iam-010", actions: ["iam:AttachGroupPolicy"], gain: ownPolicy },
  { id: "iam-011", actions: ["iam:PutGroupPolicy"], gain: ownPolicy },
  { id: "iam-012", actions: ["iam:UpdateAssumeRolePolicy"], gain: "assume other roles" },
  { id: "iam-013", actions: ["iam:AddUserToGroup"], gain: "join a group with more permissions" },
  {
    id: "iam-set-default",
    actions: ["iam:SetDefaultPolicyVersion"],
    gain: "bring back a wider version of a policy",
  },
  {
    id: "iam-boundary-role",
    actions: ["iam:DeleteRolePermissionsBoundary"],
    gain: "lift the boundary of a role",
  },
  {
    id: "iam-boundary-user",
    actions: ["iam:DeleteUserPermissionsBoundary"],
    gain: "lift the boundary of a user",
  },
];

/** Paths that pass a role to a new resource, which then acts with it. */
const byPassing: readonly Escalation[] = [
  passed("apprunner-001", "build.apprunner.amazonaws.com", "apprunner:CreateService"),
  passed("cloudformation-001", "cloudformation.amazonaws.com", "cloudformation:CreateStack"),
  passed(
    "cloudformation-003",
    "cloudformation.amazonaws.com",
    "cloudformation:CreateStackSet",
    "cloudformation:CreateStackInstances",
  ),
  passed("cloudformation-004", "cloudformation.amazonaws.com", "cloudformation:UpdateStackSet"),
  passed(
    "datapipeline-001",
    "datapipeline.amazonaws.com",
    "datapipeline:CreatePipeline",
    "datapipeline:PutPipelineDefinition",
    "datapipeline:ActivatePipeline",
  ),
  passed("ec2-001", "ec2.amazonaws.com", "ec2:RunInstances"),
  passed("ec2-003", "ec2.amazonaws.com", "ec2:RequestSpotInstances"),
  passed("ecs-003", "ecs-tasks.amazonaws.com", "ecs:RegisterTaskDefinition", "ecs:CreateService"),
  passed(
    "ecs-update-service",
    "ecs-tasks.amazonaws.com",
    "ecs:RegisterTaskDefinition",
    "ecs:UpdateService",
  ),
  passed("ecs-008", "ecs-tasks.amazonaws.com", "ecs:RunTask"),
  passed("ecs-009", "ecs-tasks.amazonaws.com", "ecs:StartTask"),
  passed(
    "emrserverless-001",
    "emr-serverless.amazonaws.com",
    "emr-serverless:CreateApplication",
    "emr-serverless:StartJobRun",
  ),
  passed("glue-001", "glue.amazonaws.com", "glue:CreateDevEndpoint"),
  passed("glue-003", "glue.amazonaws.com", "glue:CreateJob", "glue:StartJobRun"),
  passed("glue-004", "glue.amazonaws.com", "glue:CreateJob", "glue:CreateTrigger"),
  passed("glue-005", "glue.amazonaws.com", "glue:UpdateJob", "glue:StartJobRun"),
  passed("glue-006", "glue.amazonaws.com", "glue:UpdateJob", "glue:CreateTrigger"),
  passed("lambda-001", "lambda.amazonaws.com", "lambda:CreateFunction", "lambda:InvokeFunction"),
  passed(
    "lambda-002",
    "lambda.amazonaws.com",
    "lambda:CreateFunction",
    "lambda:CreateEventSourceMapping",
  ),
  passed("lambda-006", "lambda.amazonaws.com", "lambda:CreateFunction", "lambda:AddPermission"),
  passed("sagemaker-001", "sagemaker.amazonaws.com", "sagemaker:CreateNotebookInstance"),
  passed("sagemaker-002", "sagemaker.amazonaws.com", "sagemaker:CreateTrainingJob"),
  passed("sagemaker-003", "sagemaker.amazonaws.com", "sagemaker:CreateProcessingJob"),
];

/** Paths through a resource that already has a role. */
const byExisting: readonly Escalation[] = [
  existing(
    "bedrock-002",
    "bedrock-agentcore:StartCodeInterpreterSession",
    "bedrock-agentcore:InvokeCodeInterpreter",
  ),
  existing("codebuild-002", "codebuild:StartBuild"),
  existing("codebuild-003", "codebuild:StartBuildBatch"),
  existing("apprunner-002", "apprunner:UpdateService"),
  existing("cloudformation-002", "cloudformation:UpdateStack"),
  existing(
    "cloudformation-005",
    "cloudformation:CreateChangeSet",
    "cloudformation:ExecuteChangeSet",
  ),
  existing("ec2-002", "ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
  existing("ec2-004", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
  existing(
    "ec2instanceconnect-003",
    "ec2-instance-connect:SendSSHPublicKey",
    "ec2:DescribeInstances",
  ),
  existing("ecs-006", "ecs:ExecuteCommand", "ecs:DescribeTasks"),
  existing("glue-002", "glue:UpdateDevEndpoint"),
  existing("lambda-003", "lambda:UpdateFunctionCode"),
  existing("sagemaker-004", "sagemaker:CreatePresignedNotebookInstanceUrl"),
  existing(
    "sagemaker-005",
    "sagemaker:CreateNotebookInstanceLifecycleConfig",
    "sagemaker:StopNotebookInstance",
    "sagemaker:UpdateNotebookInstance",
    "sagemaker:StartNotebookInstance",
  ),
  existing("ssm-001", "ssm:StartSession"),
  existing("ssm-002", "ssm:SendCommand"),
];

export const escalations: readonly Escalation[] = [...inIam, ...byPassing, ...byExisting];

function passed(id: string, service: string, ...actions: string[]): Escalation {
  return {
    id,
    service,
    through: "iam:PassRole",
    actions: ["iam:PassRole", ...actions],
    gain: `act with a role passed to ${service}`,
  };
}

function anotherUser(id: string, action: string): Escalation {
  return { id, actions: [action], gain: "act as another user", isOfAnother: true };
}

function existing(id: string, first: string, ...others: string[]): Escalation {
  const [service = ""] = first.split(":");
  return {
    id,
    through: first,
    actions: [first, ...others],
    gain: `act with the role of something that runs in ${service}`,
  };
}
