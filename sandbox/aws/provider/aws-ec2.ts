import {
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Filter,
  type Instance,
  ModifyInstanceAttributeCommand,
  ModifyInstanceMetadataOptionsCommand,
  paginateDescribeInstances,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { isSame, isValues, type Value, type Values } from "../../engine/values.ts";
import { ec2Tagger, tagSpecification, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { asTags } from "./default-tags.ts";
import { cannotUpdate, names, type ResourceType, text, until } from "./resource-type.ts";

export function ec2Resources(target: AwsTarget): Record<string, ResourceType> {
  const ec2 = new EC2Client(target);

  async function findInstance(id: string) {
    const found = await unlessGone(ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] })));
    const instance = found?.Reservations?.[0]?.Instances?.[0];
    const owner = found?.Reservations?.[0]?.OwnerId;
    if (!instance || instance.State?.Name === "terminated") return undefined;
    return { instance, arn: `arn:aws:ec2:${target.region}:${owner}:instance/${id}` };
  }

  async function changeMetadata(InstanceId: string, inputs: Values) {
    const HttpTokens = httpTokensOf(inputs);
    await ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId, HttpTokens }));
    await until(
      async () =>
        (await findInstance(InstanceId))?.instance.MetadataOptions?.HttpTokens === HttpTokens,
    );
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

  const stateReached = (id: string, state: string) =>
    until(async () => (await findInstance(id))?.instance.State?.Name === state);

  const instance: ResourceType = {
    inputs: names(
      "ami instanceType subnetId vpcSecurityGroupIds metadataOptions rootBlockDevice userData userDataReplaceOnChange",
    ),
    tagger: ec2Tagger(ec2, async (id) => (await findInstance(id))?.instance.Tags),
    replaces: ["ami", "subnetId", "rootBlockDevice", "userData"],
    async create(inputs) {
      // For the name of the image's root device.
      await ec2.send(new DescribeImagesCommand({ ImageIds: [text(inputs, "ami")] }));
      const { Instances } = await ec2.send(
        new RunInstancesCommand({
          ImageId: text(inputs, "ami"),
          InstanceType: text(inputs, "instanceType") as "t2.micro",
          MinCount: 1,
          MaxCount: 1,
          SubnetId: inputs.subnetId as string | undefined,
          SecurityGroupIds: inputs.vpcSecurityGroupIds as string[],
          MetadataOptions: { HttpTokens: httpTokensOf(inputs) },
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
      await askFurther(ec2, found.instance);
      const { InstanceType, MetadataOptions, SecurityGroups = [] } = found.instance;
      const Filters = [{ Name: "resource-id", Values: [id] }];
      await ec2.send(new DescribeTagsCommand({ Filters }));
      return {
        ...state,
        instanceType: InstanceType ?? null,
        arn: found.arn,
        vpcSecurityGroupIds: SecurityGroups.map(({ GroupId = "" }) => GroupId),
        metadataOptions: { httpTokens: MetadataOptions?.HttpTokens ?? null },
      };
    },
    async update(id, inputs, olds) {
      const changed = Object.keys(inputs).filter((key) => !isSame(inputs[key], olds[key]));
      for (const key of changed) {
        if (key === "metadataOptions") await changeMetadata(id, inputs);
        else if (key === "instanceType") await changeType(id, text(inputs, key));
        else await cannotUpdate(`${key} of ${id}`);
      }
      return {};
    },
    async delete(id) {
      // The real provider always does it first, whether the instance is protected or not.
      const unprotected = { InstanceId: id, DisableApiTermination: { Value: false } };
      await ec2.send(new ModifyInstanceAttributeCommand(unprotected));
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      await until(async () => (await findInstance(id)) === undefined);
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
      const [reservation] = found.Reservations ?? [];
      const [instance] = reservation?.Instances ?? [];
      if (!instance) throw new Error(`there is no instance ${id}`);
      await askFurther(ec2, instance);
      const arn = `arn:aws:ec2:${target.region}:${reservation?.OwnerId}:instance/${id}`;
      const tags = tagsOf(instance.Tags);
      return { id, instanceId: id, arn, instanceType: instance.InstanceType ?? null, tags };
    },
    "aws:ec2/getInstances:getInstances": async (args) => {
      const pages = paginateDescribeInstances({ client: ec2 }, { Filters: instanceFilters(args) });
      const found: Instance[] = [];
      for await (const { Reservations = [] } of pages) {
        found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
      }
      const each = (property: keyof Instance) =>
        found.flatMap(({ [property]: value }) => (typeof value === "string" && value ? value : []));
      return {
        ...args,
        id: target.region,
        ids: each("InstanceId"),
        ipv6Addresses: each("Ipv6Address"),
        privateIps: each("PrivateIpAddress"),
        publicIps: each("PublicIpAddress"),
        region: target.region,
      };
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

/**
 * The filters of getInstances: the states first, which are "running" alone if none is given. No instance found is no error.
 * https://github.com/hashicorp/terraform-provider-aws/blob/0620f2a6a126dfcbc4aecbc9a117b0fbea1656ff/internal/service/ec2/ec2_instances_data_source.go
 */
function instanceFilters({ filters = [], instanceStateNames = [], ...others }: Values): Filter[] {
  const unknown = Object.keys(others);
  if (unknown.length > 0) {
    throw new Error(
      `the sandbox does not have this argument of getInstances: ${unknown.join(", ")}; it has filters and instanceStateNames`,
    );
  }
  const states = instanceStateNames as string[];
  return [
    { Name: "instance-state-name", Values: states.length > 0 ? states : ["running"] },
    ...(filters as Values[]).map((it) => ({
      Name: text(it, "name"),
      Values: it.values as string[],
    })),
  ];
}

/**
 * What the real provider asks about an instance besides, for properties that the program does not use:
 * https://github.com/hashicorp/terraform-provider-aws/blob/0015dfcd06d5d78e5e1c3cabe8cea837d379d1c7/internal/service/ec2/ec2_instance.go
 */
async function askFurther(ec2: EC2Client, { InstanceId, InstanceType, VpcId }: Instance) {
  const ids = { InstanceIds: [InstanceId ?? ""] };
  await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: [InstanceType ?? "t2.micro"] }));
  await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId ?? ""] }));
  const ofInstance = [{ Name: "attachment.instance-id", Values: ids.InstanceIds }];
  await ec2.send(new DescribeVolumesCommand({ Filters: ofInstance }));
  for (const Attribute of attributes) {
    await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
  }
  await ec2.send(new DescribeInstanceCreditSpecificationsCommand(ids));
}

const attributes = [
  "instanceInitiatedShutdownBehavior",
  "disableApiStop",
  "disableApiTermination",
  "userData",
] as const;

function httpTokensOf({ metadataOptions }: Values): "optional" | "required" {
  const options = isValues(metadataOptions) ? metadataOptions : {};
  return options.httpTokens === "required" ? "required" : "optional";
}

/** The tags that the real provider gives to new volumes: the default tags, not those of the instance. */
function defaultTagsOf({ tags, tagsAll }: Values): Values {
  const own = asTags(tags);
  return Object.fromEntries(Object.entries(asTags(tagsAll)).filter(([key]) => !(key in own)));
}

function base64(value: Value | undefined): string | undefined {
  return typeof value === "string" ? Buffer.from(value).toString("base64") : undefined;
}
