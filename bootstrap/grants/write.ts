import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../../infra/grants.ts";
import type { Names } from "../names.ts";
import { ofFunction } from "./read.ts";

/** What makes, changes and removes the program's resources; what else they are is read. */
export function writeGrants(names: Names): Grant[] {
  const ofServer = names.existingInstance ? [] : ofWebServer(names);
  return [...ofRole(names), ...ofLambda(names), ...ofMessages(names), ...ofServer];
}

function ofRole(names: Names): Grant[] {
  return [
    {
      // Whatever permissions it gives to the role, the boundary cuts them.
      sid: "MakeBoundedRole",
      actions: [
        "iam:CreateRole",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      resources: [names.role],
      conditions: { StringEquals: { "iam:PermissionsBoundary": names.boundary } },
    },
    {
      sid: "RemoveRole",
      actions: [
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:ListInstanceProfilesForRole",
      ],
      resources: [names.role],
    },
    {
      sid: "GiveRoleToFunction",
      actions: ["iam:PassRole"],
      resources: [names.role],
      conditions: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
    },
  ];
}

function ofLambda(names: Names): Grant[] {
  return [
    {
      sid: "ChangeFunction",
      actions: [
        "lambda:AddPermission",
        "lambda:CreateFunction",
        "lambda:CreateFunctionUrlConfig",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionConcurrency",
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:DeleteFunctionUrlConfig",
        "lambda:PutFunctionConcurrency",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:RemovePermission",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "lambda:UpdateFunctionUrlConfig",
      ],
      resources: [names.function],
    },
    {
      sid: "StartTakingChecks",
      actions: ["lambda:CreateEventSourceMapping"],
      resources: ["*"],
      conditions: ofFunction(names),
    },
    {
      sid: "StopTakingChecks",
      actions: ["lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"],
      resources: [names.eventSourceMappings],
      conditions: ofFunction(names),
    },
    {
      sid: "ChangeLogGroup",
      actions: ["logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy"],
      // IAM asks about what is in the group, but for its tags:
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
      resources: [pulumi.interpolate`${names.logGroup}:*`],
    },
  ];
}

function ofMessages(names: Names): Grant[] {
  return [
    {
      sid: "ChangeTopic",
      actions: [
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetSubscriptionAttributes",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:Unsubscribe",
      ],
      resources: [names.topics],
    },
    {
      sid: "ChangeQueues",
      actions: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes"],
      resources: [names.queues],
    },
    {
      sid: "ChangeTable",
      actions: [
        "dynamodb:CreateTable",
        "dynamodb:DeleteTable",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
      ],
      resources: [names.tables],
    },
    {
      sid: "ChangeAlarms",
      actions: ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"],
      resources: [names.alarms],
    },
  ];
}

/** EC2 gives ids, so tags say which resources are of the stack; they are set as these are made. */
function ofWebServer(names: Names): Grant[] {
  const withTags = names.ofStack("aws:RequestTag");
  const tagged = names.ofStack("aws:ResourceTag");
  return [
    {
      sid: "RunTaggedInstance",
      actions: ["ec2:RunInstances"],
      resources: [names.ec2("instance/*")],
      conditions: withTags,
    },
    {
      sid: "RunFromAmazonsImage",
      actions: ["ec2:RunInstances"],
      resources: [names.images],
      conditions: { StringEquals: { "ec2:Owner": "amazon" } },
    },
    {
      sid: "RunInVpc",
      actions: ["ec2:RunInstances"],
      resources: [names.ec2("subnet/*")],
      conditions: { ArnEquals: { "ec2:Vpc": names.vpc } },
    },
    {
      sid: "RunWithNew",
      actions: ["ec2:RunInstances"],
      resources: [names.ec2("network-interface/*"), names.ec2("volume/*")],
    },
    {
      sid: "RunBehindOwnGroup",
      actions: ["ec2:RunInstances"],
      resources: [names.ec2("security-group/*")],
      conditions: tagged,
    },
    {
      // Another type: stop, modify, start. An end: switch termination protection off first.
      sid: "ChangeInstance",
      actions: [
        "ec2:ModifyInstanceAttribute",
        "ec2:ModifyInstanceMetadataOptions",
        "ec2:StartInstances",
        "ec2:StopInstances",
        "ec2:TerminateInstances",
      ],
      resources: [names.ec2("instance/*")],
      conditions: tagged,
    },
    {
      sid: "MakeTaggedGroup",
      actions: ["ec2:CreateSecurityGroup"],
      resources: [names.ec2("security-group/*")],
      conditions: withTags,
    },
    { sid: "MakeGroupInVpc", actions: ["ec2:CreateSecurityGroup"], resources: [names.vpc] },
    {
      sid: "ChangeGroup",
      actions: [
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:DeleteSecurityGroup",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
      ],
      resources: [names.ec2("security-group/*")],
      conditions: tagged,
    },
    {
      sid: "TagNewInstance",
      actions: ["ec2:CreateTags"],
      resources: [names.ec2("instance/*")],
      conditions: { StringEquals: { "ec2:CreateAction": "RunInstances" } },
    },
    {
      sid: "TagNewGroup",
      actions: ["ec2:CreateTags"],
      resources: [names.ec2("security-group/*")],
      conditions: { StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" } },
    },
    {
      // Not those by which a resource is known to be the stack's. Tag keys compare without case, and a request
      // without any key would remove all tags.
      sid: "PutBackTags",
      actions: ["ec2:CreateTags", "ec2:DeleteTags"],
      resources: [names.ec2("instance/*"), names.ec2("security-group/*")],
      conditions: {
        ...tagged,
        "ForAllValues:StringNotEqualsIgnoreCase": { "aws:TagKeys": ["Project", "Stack"] },
        Null: { "aws:TagKeys": "false" },
      },
    },
    {
      // The image's root device before it is run; interfaces before their group is deleted.
      sid: "LookBeforeChanges",
      actions: ["ec2:DescribeImages", "ec2:DescribeNetworkInterfaces"],
      resources: ["*"],
    },
  ];
}
