import type { Grant } from "../../infra/grants.ts";
import type { Names } from "../names.ts";
import { theInstance } from "./instance.ts";

const terraform = "https://github.com/hashicorp/terraform-provider-aws/blob";
const pike = "https://github.com/JamesWoolfenden/pike/blob";

/**
 * The statements here are for calls of the AWS provider that no test can make it do, for want of AWS.
 * Each Sid has the place that shows the call: the provider's own source, or a table of what it needs.
 */
export const sources = {
  ReadRoleFurther: `${terraform}/0040ea6911af00bea2cca6dbb14e86829826ad8e/internal/service/iam/role.go`,
  ReadFunctionFurther: `${terraform}/0156d84e6bb47e4a5fe0c8e87cf2d14fb1dc3b8c/internal/service/lambda/function.go`,
  ReadTableFurther: `${terraform}/01335dd3cd3dff10ace08b5250b7302d4dbb0e04/internal/service/dynamodb/table.go`,
  // Whatever has tags is asked for them, though nobody gave it any.
  ReadTags: `${terraform}/4640a66635ff36287cdb9ce0683daefda6c188c7/internal/provider/sdkv2/tags_interceptor.go`,
  LookAtInstancesFurther: `${terraform}/0015dfcd06d5d78e5e1c3cabe8cea837d379d1c7/internal/service/ec2/ec2_instance.go`,
  LookAtInstanceFurther: `${pike}/226a2fb90ddac4ae08593eb3fd133a3b3cb2f937/src/mapping/aws/resource/ec2/aws_instance.json`,
  FindProfilesOfRole: `${pike}/7865150f11fb0560200be38c7afb0bc581bb20d7/src/mapping/aws/resource/iam/aws_iam_role.json`,
  SetUpTopic: `${pike}/3cd2e81d3a6ab0e3e3d114cc60f8287740c5ee82/src/mapping/aws/resource/sns/aws_sns_topic.json`,
  // The image's root device before it is run; interfaces before their group is deleted.
  LookBeforeChanges: `${terraform}/01606926a0c0ab9174aec440f976a48b0baee722/internal/service/ec2/vpc_security_group.go`,
  ChangeEgress: `${pike}/3cd2e81d3a6ab0e3e3d114cc60f8287740c5ee82/src/mapping/aws/resource/ec2/aws_security_group.json`,
} as const;

type ProviderGrant = Grant & { readonly sid: keyof typeof sources };

/** What the provider reads besides. */
export function providerReadGrants(names: Names): ProviderGrant[] {
  return [
    {
      sid: "ReadRoleFurther",
      actions: ["iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
      resources: [names.role],
    },
    {
      sid: "ReadFunctionFurther",
      actions: ["lambda:GetFunctionCodeSigningConfig", "lambda:ListVersionsByFunction"],
      resources: [names.function],
    },
    {
      sid: "ReadTableFurther",
      actions: ["dynamodb:DescribeContinuousBackups"],
      resources: [names.tables],
    },
    {
      sid: "ReadTags",
      actions: [
        "cloudwatch:ListTagsForResource",
        "dynamodb:ListTagsOfResource",
        "logs:ListTagsForResource",
        "sns:ListTagsForResource",
        "sqs:ListQueueTags",
      ],
      resources: [names.alarms, names.tables, names.logGroup, names.topics, names.queues],
    },
    {
      sid: "LookAtInstancesFurther",
      actions: [
        "ec2:DescribeInstanceCreditSpecifications",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeTags",
        "ec2:DescribeVolumes",
        "ec2:DescribeVpcs",
      ],
      resources: ["*"],
    },
    {
      sid: "LookAtInstanceFurther",
      actions: ["ec2:DescribeInstanceAttribute"],
      ...theInstance(names),
    },
  ];
}

/** What the provider does besides, and reads only when it changes something. */
export function providerWriteGrants(names: Names): ProviderGrant[] {
  return [
    {
      sid: "FindProfilesOfRole",
      actions: ["iam:ListInstanceProfilesForRole"],
      resources: [names.role],
    },
    { sid: "SetUpTopic", actions: ["sns:SetTopicAttributes"], resources: [names.topics] },
    ...(names.existingInstance ? [] : ofWebServer(names)),
  ];
}

function ofWebServer(names: Names): ProviderGrant[] {
  const conditions = names.ofStack("aws:ResourceTag");
  return [
    {
      sid: "LookBeforeChanges",
      actions: ["ec2:DescribeImages", "ec2:DescribeNetworkInterfaces"],
      resources: ["*"],
    },
    {
      // EC2 gives a new group rules for all that goes out, which the provider takes away first.
      sid: "ChangeEgress",
      actions: ["ec2:AuthorizeSecurityGroupEgress", "ec2:RevokeSecurityGroupEgress"],
      resources: [names.ec2("security-group/*")],
      conditions,
    },
  ];
}
