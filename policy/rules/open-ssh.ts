import { types } from "../data/resource-types.ts";
import {
  type Field,
  type Fields,
  isFields,
  isSet,
  ownValue,
  read,
  readList,
  scalarOf,
  show,
  stringOf,
} from "../field.ts";
import { lowerCase } from "../iam/case.ts";
import { isAnywhere } from "../iam/range.ts";
import type { Resource } from "../resources.ts";
import type { Rule } from "../rule.ts";

const sshPort = 22;
/** The protocol number of TCP. */
const tcp = 6;

interface Opening {
  readonly where: string;
  readonly protocol: Field<unknown>;
  readonly fromPort: Field<unknown>;
  readonly toPort: Field<unknown>;
  readonly ranges: readonly Field<unknown>[];
}

/** Scanners try SSH within minutes. */
export const openSsh: Rule = {
  name: "open-ssh",
  description: "No security group allows SSH from anywhere.",
  severity: "high",
  remediationSteps: "Allow only the network that needs SSH, or use Session Manager.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  appliesTo: (resource) => ownValue(readers, resource.type) !== undefined,
  *check(resource: Resource) {
    for (const { where, ranges, ...opening } of ownValue(
      readers,
      resource.type,
    )?.(resource.props) ?? []) {
      if (!mayAllowSsh(opening)) continue;
      for (const range of ranges.filter(isSet)) {
        const text = stringOf(range);
        if (range.isKnown && !isAnywhere(text ?? "")) continue;
        yield {
          what: `${where} from`,
          values: [show(range)],
          why: range.isKnown
            ? "anyone can reach port 22"
            : "who can reach port 22 is not known before deployment",
          fix: "Allow only the network that needs SSH, or use Session Manager",
        };
      }
    }
  },
};

const readers: Readonly<Record<string, (props: Fields) => readonly Opening[]>> = {
  [types.securityGroup]: ofGroup,
  [types.defaultSecurityGroup]: ofGroup,
  [types.securityGroupRule]: (props) => {
    const kind = read(() => props.type);
    return kind.isKnown && kind.value !== "ingress" ? [] : [ofRule("rule", props)];
  },
  [types.ingressRule]: (props) => [
    {
      where: "rule",
      protocol: read(() => props.ipProtocol),
      fromPort: read(() => props.fromPort),
      toPort: read(() => props.toPort),
      ranges: [...readList(() => props.cidrIpv4), ...readList(() => props.cidrIpv6)],
    },
  ],
};

function ofGroup(props: Fields): Opening[] {
  return readList(() => props.ingress).map((rule, index) => {
    const where = `ingress[${index}]`;
    if (rule.isKnown) return ofRule(where, isFields(rule.value) ? rule.value : {});
    // It may allow anything.
    return { where, protocol: rule, fromPort: rule, toPort: rule, ranges: [rule] };
  });
}

function ofRule(where: string, rule: Fields): Opening {
  return {
    where,
    protocol: read(() => rule.protocol),
    fromPort: read(() => rule.fromPort),
    toPort: read(() => rule.toPort),
    ranges: [...readList(() => rule.cidrBlocks), ...readList(() => rule.ipv6CidrBlocks)],
  };
}

function mayAllowSsh({ protocol, fromPort, toPort }: Omit<Opening, "where" | "ranges">): boolean {
  // An unknown or missing protocol or port may be any.
  const name = lowerCase(scalarOf(protocol) || "all");
  if (name === "-1" || name === "all") return true;
  if (name !== "tcp" && Number(name) !== tcp) return false;
  if (Number(scalarOf(fromPort) ?? sshPort) > sshPort) return false;
  return !(Number(scalarOf(toPort) ?? sshPort) < sshPort);
}
