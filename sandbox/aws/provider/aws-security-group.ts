import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { isValues, type Value } from "../../engine/values.ts";
import { ec2Tagger, tagSpecification } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { type ResourceType, text, until } from "./resource-type.ts";

export function securityGroupResources(target: AwsTarget): Record<string, ResourceType> {
  const ec2 = new EC2Client(target);

  async function findGroup(id: string) {
    const found = await unlessGone(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })));
    return found?.SecurityGroups?.[0];
  }

  const securityGroup: ResourceType = {
    inputs: ["name", "description", "vpcId", "ingress", "egress"],
    tagger: ec2Tagger(ec2, async (id) => (await findGroup(id))?.Tags),
    replaces: ["name", "description", "vpcId"],
    autoName: "name",
    async create(inputs) {
      const { GroupId = "" } = await ec2.send(
        new CreateSecurityGroupCommand({
          GroupName: text(inputs, "name"),
          Description: text(inputs, "description"),
          VpcId: inputs.vpcId as string | undefined,
          TagSpecifications: tagSpecification("security-group", inputs.tagsAll),
        }),
      );
      // A new group lets everything out; the real provider removes that rule before it adds others.
      const created = await findGroup(GroupId);
      await setRules(GroupId, created?.IpPermissions, inputs.ingress, ingressCalls);
      await setRules(GroupId, created?.IpPermissionsEgress, [], egressCalls);
      await setRules(GroupId, [], inputs.egress, egressCalls);
      return { id: GroupId, outputs: { vpcId: created?.VpcId ?? null } };
    },
    async read(id, state) {
      const group = await findGroup(id);
      return (
        group && {
          ...state,
          name: group.GroupName ?? null,
          vpcId: group.VpcId ?? null,
          ingress: rulesOf(group.IpPermissions, state.ingress),
          egress: rulesOf(group.IpPermissionsEgress, state.egress),
        }
      );
    },
    async update(id, inputs) {
      const group = await findGroup(id);
      await setRules(id, group?.IpPermissions, inputs.ingress, ingressCalls);
      await setRules(id, group?.IpPermissionsEgress, inputs.egress, egressCalls);
      return {};
    },
    async delete(id) {
      // Interfaces that Lambda left behind would keep the group; the program's function has none.
      const Filters = [{ Name: "group-id", Values: [id] }];
      await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
      await ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
      await until(async () => (await findGroup(id)) === undefined);
    },
  };

  /** Sets the group's rules of one direction to the given ones. */
  async function setRules(
    GroupId: string,
    olds: readonly IpPermission[] = [],
    rules: Value | undefined,
    { authorize, revoke }: RuleCalls,
  ) {
    const news = permissions(rules);
    const without = (all: readonly IpPermission[], others: readonly IpPermission[]) =>
      all.filter((it) => !others.some((other) => ruleText(other) === ruleText(it)));
    const [gone, added] = [without(olds, news), without(news, olds)];
    if (gone.length > 0) await revoke(ec2, { GroupId, IpPermissions: gone });
    if (added.length > 0) await authorize(ec2, { GroupId, IpPermissions: added });
  }

  return { "aws:ec2/securityGroup:SecurityGroup": securityGroup };
}

/** The calls for the rules of one direction. */
interface RuleCalls {
  authorize(ec2: EC2Client, input: RuleInput): Promise<unknown>;
  revoke(ec2: EC2Client, input: RuleInput): Promise<unknown>;
}

interface RuleInput {
  readonly GroupId: string;
  readonly IpPermissions: IpPermission[];
}

const ingressCalls: RuleCalls = {
  authorize: (ec2, input) => ec2.send(new AuthorizeSecurityGroupIngressCommand(input)),
  revoke: (ec2, input) => ec2.send(new RevokeSecurityGroupIngressCommand(input)),
};

const egressCalls: RuleCalls = {
  authorize: (ec2, input) => ec2.send(new AuthorizeSecurityGroupEgressCommand(input)),
  revoke: (ec2, input) => ec2.send(new RevokeSecurityGroupEgressCommand(input)),
};

/** AWS leaves the ports out where a rule is for every protocol. */
function permissions(rules: Value | undefined): IpPermission[] {
  return (Array.isArray(rules) ? rules : []).filter(isValues).map((rule) => ({
    IpProtocol: String(rule.protocol),
    ...(rule.protocol !== "-1" && {
      FromPort: Number(rule.fromPort),
      ToPort: Number(rule.toPort),
    }),
    IpRanges: (Array.isArray(rule.cidrBlocks) ? rule.cidrBlocks : []).map((CidrIp) => ({
      CidrIp: String(CidrIp),
    })),
  }));
}

/** What tells two rules apart. */
function ruleText({ IpProtocol, FromPort, ToPort, IpRanges = [] }: IpPermission): string {
  const ports = IpProtocol === "-1" ? [] : [FromPort, ToPort];
  return [IpProtocol, ...ports, ...IpRanges.map(({ CidrIp }) => CidrIp).sort()].join(" ");
}

/** AWS's rules as inputs; those that were given stay in the order and the form they had. */
function rulesOf(found: readonly IpPermission[] = [], given: Value | undefined): Value[] {
  const texts = found.map(ruleText);
  const kept = (Array.isArray(given) ? given : []).filter((it) =>
    texts.includes(permissions([it]).map(ruleText)[0] ?? ""),
  );
  const keptTexts = permissions(kept).map(ruleText);
  const others = found
    .filter((it) => !keptTexts.includes(ruleText(it)))
    .map(({ IpProtocol = "", FromPort = 0, ToPort = 0, IpRanges = [] }) => ({
      protocol: IpProtocol,
      fromPort: FromPort,
      toPort: ToPort,
      cidrBlocks: IpRanges.map(({ CidrIp = "" }) => CidrIp),
    }));
  return [...kept, ...others];
}
