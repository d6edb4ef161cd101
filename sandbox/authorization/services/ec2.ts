import {
  arn,
  type Call,
  type Keys,
  type LookUp,
  type Place,
  type Reader,
  requestTags,
  resourceTags,
} from "../call.ts";
import { listOf, one, queryInput, queryTags } from "./tables.ts";

/** Types of EC2's resources, by the beginning of their ids. */
const types: Readonly<Record<string, string>> = {
  eni: "network-interface",
  i: "instance",
  sg: "security-group",
  subnet: "subnet",
  vol: "volume",
  vpc: "vpc",
};

/** The parameter that names what an operation is done to. */
const named: Readonly<Record<string, string>> = {
  AuthorizeSecurityGroupEgress: "GroupId",
  AuthorizeSecurityGroupIngress: "GroupId",
  DeleteSecurityGroup: "GroupId",
  DescribeInstanceAttribute: "InstanceId",
  ModifyInstanceAttribute: "InstanceId",
  ModifyInstanceMetadataOptions: "InstanceId",
  RevokeSecurityGroupEgress: "GroupId",
  RevokeSecurityGroupIngress: "GroupId",
};

const namedInList: Readonly<Record<string, string>> = {
  RebootInstances: "InstanceId",
  StartInstances: "InstanceId",
  StopInstances: "InstanceId",
  TerminateInstances: "InstanceId",
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export const ec2: Reader = async (request, place, lookUp) => {
  const { operation, input } = queryInput(request);
  const action = `ec2:${operation}`;
  const ids = listOf(input, namedInList[operation] ?? "-");
  const id = input.get(named[operation] ?? "-");
  if (id) ids.push(id);
  if (ids.length > 0) return existing(action, ids, place, lookUp);
  switch (operation) {
    case "RunInstances":
      return runInstances(input, place, lookUp);
    case "CreateSecurityGroup":
      return createSecurityGroup(input, place, lookUp);
    case "ModifyNetworkInterfaceAttribute": {
      const changed = [input.get("NetworkInterfaceId") ?? "", ...listOf(input, "SecurityGroupId")];
      return existing(action, changed, place, lookUp);
    }
    case "CreateTags":
    case "DeleteTags": {
      const keys = requestTags(queryTags(input, "Tag"));
      const calls = await existing(action, listOf(input, "ResourceId"), place, lookUp);
      return calls.map((it) => ({ ...it, keys: { ...it.keys, ...keys } }));
    }
  }
  // What only describes has no resource.
  return operation.startsWith("Describe") ? one(action, "*") : undefined;
};

function existing(
  action: string,
  ids: readonly string[],
  place: Place,
  lookUp: LookUp,
): Promise<Call[]> {
  return Promise.all(
    ids.map(async (id) => ({
      action,
      resource: ofEc2(id, place),
      keys: resourceTags("ec2", await lookUp.tagsOf(id)),
    })),
  );
}

function ofEc2(id: string, place: Place): string {
  return arn("ec2", place, `${types[id.split("-")[0] ?? ""] ?? "unknown"}/${id}`);
}

async function runInstances(
  input: URLSearchParams,
  place: Place,
  lookUp: LookUp,
): Promise<Call[] | undefined> {
  // A role for the instance would have to be passed; nobody here does it.
  if ([...input.keys()].some((key) => key.startsWith("IamInstanceProfile"))) return undefined;
  const subnet = input.get("SubnetId") ?? undefined;
  const vpc = { "ec2:vpc": arn("ec2", place, `vpc/${await lookUp.vpcOf(subnet)}`) };
  const image = input.get("ImageId") ?? "";
  const tags = tagsFor(input, "instance");
  const volumeTags = tagsFor(input, "volume");
  const on = (resource: string, keys: Keys = {}) =>
    ({ action: "ec2:RunInstances", resource, keys }) as const;
  return [
    on(arn("ec2", place, "instance/*"), {
      ...requestTags(tags),
      "ec2:instancetype": input.get("InstanceType") ?? "",
    }),
    on(arn("ec2", place, "network-interface/*"), vpc),
    on(arn("ec2", place, "volume/*"), requestTags(volumeTags)),
    on(arn("ec2", place, `subnet/${subnet ?? "*"}`), vpc),
    on(`arn:aws:ec2:${place.region}::image/${image}`, {
      "ec2:owner": await lookUp.imageOwnerOf(image),
    }),
    ...(await Promise.all(
      listOf(input, "SecurityGroupId").map(async (id) =>
        on(ofEc2(id, place), { ...vpc, ...resourceTags("ec2", await lookUp.tagsOf(id)) }),
      ),
    )),
    ...taggedAs("RunInstances", arn("ec2", place, "instance/*"), tags),
    ...taggedAs("RunInstances", arn("ec2", place, "volume/*"), volumeTags),
  ];
}

async function createSecurityGroup(
  input: URLSearchParams,
  place: Place,
  lookUp: LookUp,
): Promise<Call[]> {
  const action = "ec2:CreateSecurityGroup";
  const tags = tagsFor(input, "security-group");
  const group = arn("ec2", place, "security-group/*");
  const vpcId = input.get("VpcId") ?? (await lookUp.vpcOf(undefined));
  return [
    { action, resource: group, keys: requestTags(tags) },
    { action, resource: arn("ec2", place, `vpc/${vpcId}`), keys: {} },
    ...taggedAs("CreateSecurityGroup", group, tags),
  ];
}

/** What is tagged as it is made asks for that, too. */
function taggedAs(
  createAction: string,
  resource: string,
  tags: Readonly<Record<string, string>>,
): Call[] {
  if (Object.keys(tags).length === 0) return [];
  const keys = { ...requestTags(tags), "ec2:createaction": createAction };
  return one("ec2:CreateTags", resource, keys);
}

function tagsFor(input: URLSearchParams, resourceType: string): Record<string, string> {
  const specification = [...input].find(
    ([key, value]) => /^TagSpecification\.\d+\.ResourceType$/.test(key) && value === resourceType,
  );
  return queryTags(input, specification?.[0].replace("ResourceType", "Tag") ?? "-");
}
