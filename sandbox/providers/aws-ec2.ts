import {
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { ec2Tagger, tagSpecification } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { asTags } from "./default-tags.ts";
import { cannotUpdate, names, type ResourceType, text } from "./resource-type.ts";
import { isSame, type Value, type Values } from "./values.ts";

export function ec2Resources(target: AwsTarget): Record<string, ResourceType> {
  const ec2 = new EC2Client(target);

  async function findInstance(id: string) {
    const found = await unlessGone(ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] })));
    const instance = found?.Reservations?.[0]?.Instances?.[0];
    const owner = found?.Reservations?.[0]?.OwnerId;
    if (!instance || instance.State?.Name === "terminated") return undefined;
    return { instance, arn: `arn:aws:ec2:${target.region}:${owner}:instance/${id}` };
  }

  /** In place, as the real provider does for a type of the same architecture. */
  async function changeType(id: string, type: string) {
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await stateReached(id, "stopped");
    const InstanceType = { Value: type };
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType }));
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await stateReached(id, "running");
  }

  async function stateReached(id: string, state: string) {
    const found = await findInstance(id);
    if (found?.instance.State?.Name === state) return;
    throw new Error(`instance ${id} must be ${state}: it is ${found?.instance.State?.Name}`);
  }

  const instance: ResourceType = {
    inputs: names(
      "ami instanceType subnetId vpcSecurityGroupIds metadataOptions rootBlockDevice userData userDataReplaceOnChange",
    ),
    tagger: ec2Tagger(ec2, async (id) => (await findInstance(id))?.instance.Tags),
    replaces: ["ami", "subnetId", "rootBlockDevice", "userData"],
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
          TagSpecifications: [
            ...tagSpecification("instance", inputs.tagsAll),
            ...tagSpecification("volume", defaultTagsOf(inputs)),
          ],
        }),
      );
      const id = Instances?.[0]?.InstanceId ?? "";
      return { id, outputs: { arn: (await findInstance(id))?.arn ?? null } };
    },
    async read(id, state) {
      const found = await findInstance(id);
      if (!found) return undefined;
      const instanceType = found.instance.InstanceType ?? null;
      return { ...state, instanceType, arn: found.arn };
    },
    async update(id, inputs, olds) {
      const changed = Object.keys(inputs).filter((key) => !isSame(inputs[key], olds[key]));
      for (const key of changed) {
        if (key === "instanceType") await changeType(id, text(inputs, key));
        else await cannotUpdate(`${key} of ${id}`);
      }
      return {};
    },
    async delete(id) {
      // The real provider always does it first, whether the instance is protected or not.
      const unprotected = { InstanceId: id, DisableApiTermination: { Value: false } };
      await ec2.send(new ModifyInstanceAttributeCommand(unprotected));
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

/** The tags that the real provider gives to new volumes: the default tags, not those of the instance. */
function defaultTagsOf({ tags, tagsAll }: Values): Values {
  const own = asTags(tags);
  return Object.fromEntries(Object.entries(asTags(tagsAll)).filter(([key]) => !(key in own)));
}

function base64(value: Value | undefined): string | undefined {
  return typeof value === "string" ? Buffer.from(value).toString("base64") : undefined;
}
