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
  GetConsoleOutput: "InstanceId",
  GetConsoleScreenshot: "InstanceId",
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
  if (operation === "ModifyInstanceAttribute") return modifyInstance(input, place, lookUp);
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
    ids.map(async (id) => {
      const isInstance = id.startsWith("i-");
      const type = isInstance ? await lookUp.instanceTypeOf(id) : undefined;
      const tags = resourceTags("ec2", await lookUp.tagsOf(id));
      return {
        action,
        resource: ofEc2(id, place),
        keys: {
          ...tags,
          ...(isInstance && { "ec2:instanceid": id }),
          ...(type !== undefined && { "ec2:instancetype": type }),
        },
      };
    }),
  );
}

function ofEc2(id: string, place: Place): string {
  return arn("ec2", place, `${types[id.split("-")[0] ?? ""] ?? "unknown"}/${id}`);
}

/** The attribute is a key of the request, and so is its new value: `InstanceType.Value` as `ec2:Attribute/InstanceType`. */
async function modifyInstance(
  input: URLSearchParams,
  place: Place,
  lookUp: LookUp,
): Promise<Call[] | undefined> {
  const [name, ...others] = [...input].filter(([key]) => key.endsWith(".Value"));
  // Which keys a request has that names an attribute in another way is documented nowhere.
  if (!name || others.length > 0 || input.has("Attribute")) return undefined;
  const attribute = name[0].replace(".Value", "");
  const [call] = await existing(
    "ec2:ModifyInstanceAttribute",
    [input.get("InstanceId") ?? ""],
    place,
    lookUp,
  );
  const keys = {
    "ec2:attribute": attribute,
    [`ec2:attribute/${attribute.toLowerCase()}`]: name[1],
  };
  return call && [{ ...call, keys: { ...call.keys, ...keys } }];
}

/** A network interface with which an instance is run: one that exists, or a new one. */
interface Interface {
  readonly id?: string | undefined;
  readonly subnet?: string | undefined;
  readonly groups: readonly string[];
}

/** Those that a request names; else the one that EC2 creates. */
function interfacesIn(input: URLSearchParams): Interface[] {
  const prefixes = [...input.keys()].flatMap((it) => /^NetworkInterface\.\d+\./.exec(it) ?? []);
  const named = [...new Set(prefixes)].map((prefix) => ({
    id: input.get(`${prefix}NetworkInterfaceId`) ?? undefined,
    subnet: input.get(`${prefix}SubnetId`) ?? undefined,
    groups: listOf(input, `${prefix}SecurityGroupId`),
  }));
  const subnet = input.get("SubnetId") ?? undefined;
  return named.length > 0 ? named : [{ subnet, groups: listOf(input, "SecurityGroupId") }];
}

async function withInterface(
  { id, subnet, groups }: Interface,
  place: Place,
  lookUp: LookUp,
): Promise<Call[]> {
  const vpcId = id ? await lookUp.vpcOfInterface(id) : await lookUp.vpcOf(subnet);
  const vpc = { "ec2:vpc": arn("ec2", place, `vpc/${vpcId}`) };
  const on = (resource: string, keys: Keys = vpc): Call => ({
    action: "ec2:RunInstances",
    resource,
    keys,
  });
  return [
    on(arn("ec2", place, `network-interface/${id ?? "*"}`)),
    ...(id ? [] : [on(arn("ec2", place, `subnet/${subnet ?? "*"}`))]),
    ...(await Promise.all(
      groups.map(async (group) =>
        on(ofEc2(group, place), { ...vpc, ...resourceTags("ec2", await lookUp.tagsOf(group)) }),
      ),
    )),
  ];
}

async function runInstances(
  input: URLSearchParams,
  place: Place,
  lookUp: LookUp,
): Promise<Call[] | undefined> {
  // A role for the instance would have to be passed, and a launch template has other parameters; nobody
  // here does it.
  if ([...input.keys()].some((key) => /^(IamInstanceProfile|LaunchTemplate)/.test(key))) {
    return undefined;
  }
  const interfaces = interfacesIn(input);
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
    on(arn("ec2", place, "volume/*"), requestTags(volumeTags)),
    ...(await Promise.all(interfaces.map((it) => withInterface(it, place, lookUp)))).flat(),
    on(`arn:aws:ec2:${place.region}::image/${image}`, {
      "ec2:owner": await lookUp.imageOwnerOf(image),
    }),
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
