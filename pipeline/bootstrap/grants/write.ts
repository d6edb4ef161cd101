import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../../../infra/grants.ts";
import type { Names } from "../names.ts";
import { ofFunction } from "./read.ts";

/** What creates, changes and removes the program's resources, other than those of server.ts. */
export function writeGrants(names: Names): Grant[] {
  return [...ofRole(names), ...ofLambda(names), ...ofMessages(names)];
}

function ofRole(names: Names): Grant[] {
  return [
    {
      // Whatever permissions it gives to the role, the boundary cuts them.
      // It cannot replace the trust of a role that exists: neither iam:UpdateAssumeRolePolicy, nor iam:DeleteRole.
      sid: "MakeBoundedRole",
      actions: [
        "iam:CreateRole",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      resources: [names.role],
      conditions: { StringEquals: { "iam:PermissionsBoundary": names.boundary } },
    },
    {
      sid: "RemovePolicies",
      actions: ["iam:DeleteRolePolicy", "iam:DetachRolePolicy"],
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
      resources: [...names.topics, ...names.subscriptions],
    },
    {
      sid: "ChangeQueues",
      actions: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes"],
      resources: names.queues,
    },
    {
      sid: "ChangeTable",
      actions: [
        "dynamodb:CreateTable",
        "dynamodb:DeleteTable",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
      ],
      resources: names.tables,
    },
    {
      sid: "ChangeAlarms",
      actions: ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"],
      resources: names.alarms,
    },
  ];
}
