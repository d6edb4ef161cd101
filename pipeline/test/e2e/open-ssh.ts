import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import type { AwsTarget } from "../../../sandbox/aws/provider/aws-target.ts";

/** Opens port 22 of the web server's security group to everyone, as somebody might in the console. */
export async function openSsh(target: AwsTarget): Promise<void> {
  const ec2 = new EC2Client(target);
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const { GroupId } = SecurityGroups.find((it) => it.GroupName?.includes("web-server")) ?? {};
  if (!GroupId) throw new Error("the stack must be deployed before its security group is opened");
  const ssh = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ssh] }));
}
