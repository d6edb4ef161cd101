import {
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { tagList, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { cannotUpdate, names, type ResourceType, text } from "./resource-type.ts";
import type { Value, Values } from "./values.ts";

export function ec2Resources(target: AwsTarget): Record<string, ResourceType> {
  const ec2 = new EC2Client(target);

  async function findInstance(id: string) {
    const found = await unlessGone(ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] })));
    const instance = found?.Reservations?.[0]?.Instances?.[0];
    const owner = found?.Reservations?.[0]?.OwnerId;
    if (!instance || instance.State?.Name === "terminated") return undefined;
    return { instance, arn: `arn:aws:ec2:${target.region}:${owner}:instance/${id}` };
  }

  const instance: ResourceType = {
    inputs: names(
      "ami instanceType subnetId vpcSecurityGroupIds metadataOptions rootBlockDevice userData userDataReplaceOnChange tags",
    ),
    // The emulator cannot change a type in place, as AWS does.
    replaces: ["ami", "instanceType", "subnetId", "rootBlockDevice", "userData"],
    async create(inputs) {
      const { Instances } = await ec2.send(
        new RunInstancesCommand({
          ImageId: text(inputs, "ami"),
          InstanceType: text(inputs, "instanceType") as "t2.micro",
          MinCount: 1,
          MaxCount: 1,
          SubnetId: inputs.subnetId as string | undefined,
          SecurityGroupIds: inputs.vpcSecurityGroupIds as string[],
          MetadataOptions: { HttpTokens: "required" },
          UserData: base64(inputs.userData),
          TagSpecifications: [{ ResourceType: "instance", Tags: tagList(inputs.tags) }],
        }),
      );
      const id = Instances?.[0]?.InstanceId ?? "";
      return { id, outputs: { arn: (await findInstance(id))?.arn ?? null } };
    },
    async read(id, state) {
      const found = await findInstance(id);
      if (!found) return undefined;
      const instanceType = found.instance.InstanceType ?? null;
      const tags = tagsOf(found.instance.Tags);
      return { ...state, instanceType, arn: found.arn, tags };
    },
    update: cannotUpdate,
    async delete(id) {
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    },
  };

  return {
    "aws:ec2/instance:Instance": instance,
  };
}

export function ec2Functions(target: AwsTarget): Record<string, (args: Values) => Promise<Values>> {
  const ec2 = new EC2Client(target);
  const ssm = new SSMClient(target);
  return {
    "aws:ssm/getParameter:getParameter": async (args) => {
      const name = text(args, "name");
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
      const value = Parameter?.Value ?? null;
      return { id: name, name, value, insecureValue: value, type: Parameter?.Type ?? null };
    },
    "aws:ec2/getInstance:getInstance": async (args) => {
      const id = text(args, "instanceId");
      const found = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      const owner = found.Reservations?.[0]?.OwnerId;
      const arn = `arn:aws:ec2:${target.region}:${owner}:instance/${id}`;
      return { id, instanceId: id, arn };
    },
    "aws:ec2/getVpc:getVpc": async () => {
      const Filters = [{ Name: "is-default", Values: ["true"] }];
      const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters }));
      return { id: Vpcs?.[0]?.VpcId ?? null };
    },
    "aws:ec2/getSubnet:getSubnet": async (args) => {
      const id = text(args, "id");
      const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }));
      return { id, vpcId: Subnets?.[0]?.VpcId ?? null };
    },
  };
}

function base64(value: Value | undefined): string | undefined {
  return typeof value === "string" ? Buffer.from(value).toString("base64") : undefined;
}
