import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  ModifyInstanceMetadataOptionsCommand,
} from "@aws-sdk/client-ec2";
import type { AwsTarget } from "../../../../sandbox/aws/provider/aws-target.ts";
import { openSsh } from "../open-ssh.ts";
import { found, type ManualChange } from "./manual-change.ts";

/** Changes of the instance and its security group. */
export function ofServer(target: AwsTarget): ManualChange[] {
  const ec2 = new EC2Client(target);
  const instance = async () => {
    const Filters = [{ Name: "tag:Stack", Values: ["dev"] }];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    const all = Reservations.flatMap((it) => it.Instances ?? []);
    return found(all.find((it) => it.State?.Name !== "terminated"));
  };
  const group = async () => {
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
    return found(SecurityGroups.find((it) => it.GroupName?.includes("web-server")));
  };
  const tag = (id: string | undefined, Key: string, Value: string) =>
    ec2.send(new CreateTagsCommand({ Resources: [found(id)], Tags: [{ Key, Value }] }));
  const tagsIn = ({ Tags = [] }: { Tags?: { Key?: string; Value?: string }[] | undefined }) =>
    Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  const server = ["aws:ec2:Instance", "web-server"] as const;
  const wall = ["aws:ec2:SecurityGroup", "web-server-security-group"] as const;
  return [
    {
      title: "version 1 of the instance's metadata service",
      resource: server,
      change: async () => {
        const { InstanceId } = await instance();
        const change = { InstanceId, HttpTokens: "optional" } as const;
        return ec2.send(new ModifyInstanceMetadataOptionsCommand(change));
      },
      read: async () => (await instance()).MetadataOptions?.HttpTokens,
    },
    {
      title: "the instance's name",
      resource: server,
      change: async () => tag((await instance()).InstanceId, "Name", "other"),
      read: async () => tagsIn(await instance()),
    },
    {
      title: "a tag added to the instance",
      resource: server,
      change: async () => tag((await instance()).InstanceId, "Owner", "somebody"),
      read: async () => tagsIn(await instance()),
    },
    {
      title: "a tag added to the security group",
      resource: wall,
      change: async () => tag((await group()).GroupId, "Owner", "somebody"),
      read: async () => tagsIn(await group()),
    },
    {
      title: "the security group opened",
      resource: wall,
      change: () => openSsh(target),
      read: async () => (await group()).IpPermissions?.map(({ FromPort }) => FromPort),
    },
  ];
}
