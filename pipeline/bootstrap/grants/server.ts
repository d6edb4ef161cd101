import type { Grant } from "../../../infra/grants.ts";
import type { Names } from "../names.ts";

/**
 * What creates, changes and removes the instance and its security group. EC2 gives ids, so tags say which resources
 * are of the stack; they are set as these are created.
 */
export function serverGrants(names: Names): Grant[] {
  const withTags = names.ofStack("aws:RequestTag");
  const tagged = names.ofStack("aws:ResourceTag");
  const { vpc } = names;
  return [
    {
      sid: "RunTaggedInstance",
      actions: ["ec2:RunInstances"],
      resources: [names.ec2("instance/*")],
      conditions: {
        StringEquals: { ...withTags.StringEquals, "ec2:InstanceType": names.instanceType },
      },
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
      resources: [names.ec2("network-interface/*"), names.ec2("subnet/*")],
      conditions: { ArnEquals: { "ec2:Vpc": vpc } },
    },
    {
      sid: "RunWithNewVolume",
      actions: ["ec2:RunInstances"],
      resources: [names.ec2("volume/*")],
    },
    {
      sid: "RunBehindOwnGroup",
      actions: ["ec2:RunInstances"],
      resources: [names.ec2("security-group/*")],
      conditions: tagged,
    },
    {
      // Before the end termination protection is switched off. A new type is a key of the request that changes it.
      sid: "ChangeInstance",
      actions: [
        "ec2:ModifyInstanceAttribute",
        "ec2:ModifyInstanceMetadataOptions",
        "ec2:StartInstances",
        "ec2:TerminateInstances",
      ],
      resources: [names.ec2("instance/*")],
      conditions: {
        ...tagged,
        StringEqualsIfExists: { "ec2:Attribute/InstanceType": names.instanceType },
      },
    },
    {
      // The provider stops an instance before it changes the type. If that change will be refused, so is the stop:
      // else the instance would stay stopped.
      sid: "StopToChangeType",
      actions: ["ec2:StopInstances"],
      resources: [names.ec2("instance/*")],
      conditions: { ...tagged, StringNotEquals: { "ec2:InstanceType": names.instanceType } },
    },
    {
      sid: "MakeTaggedGroup",
      actions: ["ec2:CreateSecurityGroup"],
      resources: [names.ec2("security-group/*")],
      conditions: withTags,
    },
    { sid: "MakeGroupInVpc", actions: ["ec2:CreateSecurityGroup"], resources: [vpc] },
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
