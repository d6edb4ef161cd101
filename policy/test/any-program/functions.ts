import type { Provider } from "../../../sandbox/aws/provider/resource-type.ts";
import type { Value, Values } from "../../../sandbox/engine/values.ts";
import { account, partition, region } from "./account.ts";
import { policyDocument } from "./policy-document.ts";

/** What an account looks like in which nobody has created anything but a default VPC and what programs look up. */
const responses: Readonly<Record<string, (args: Values) => Values>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: account,
    arn: `arn:${partition}:iam::${account}:user/deployer`,
    userId: "AIDAJQABLZS4A3QDU576Q",
  }),
  "aws:index/getRegion:getRegion": () => ({
    name: region,
    description: "US East (N. Virginia)",
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getPartition:getPartition": () => ({
    partition,
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    groupNames: [`${region}-zg-1`],
    names: ["a", "b", "c"].map((it) => region + it),
    zoneIds: ["use1-az1", "use1-az2", "use1-az3"],
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    const json = policyDocument(args);
    return { json, minifiedJson: JSON.stringify(JSON.parse(json)) };
  },
  "aws:iam/getPolicy:getPolicy": ({ name, arn }) => ({
    arn: arn ?? `arn:${partition}:iam::${partition}:policy/${name}`,
    name: name ?? String(arn).split("/").at(-1) ?? "",
  }),
  "aws:ec2/getAmi:getAmi": () => ({
    architecture: "x86_64",
    arn: `arn:${partition}:ec2:${region}::image/ami-0abcdef1234567890`,
    imageId: "ami-0abcdef1234567890",
    rootDeviceName: "/dev/xvda",
  }),
  "aws:ec2/getVpc:getVpc": ({ id }) => ({
    id: id ?? "vpc-0123456789abcdef0",
    arn: `arn:${partition}:ec2:${region}:${account}:vpc/${id ?? "vpc-0123456789abcdef0"}`,
    cidrBlock: "172.31.0.0/16",
    default: true,
  }),
  "aws:ec2/getSubnets:getSubnets": () => ({
    ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  }),
  "aws:elb/getServiceAccount:getServiceAccount": () => ({
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    arn: `arn:${partition}:iam::127311923021:root`,
  }),
  "aws:route53/getZone:getZone": ({ name }) => ({
    arn: `arn:${partition}:route53:::hostedzone/Z0123456789ABCDEFGHIJ`,
    id: "Z0123456789ABCDEFGHIJ",
    name: name ?? null,
    zoneId: "Z0123456789ABCDEFGHIJ",
  }),
  "aws:ssm/getParameter:getParameter": ({ name }) => ({
    arn: `arn:${partition}:ssm:${region}:${account}:parameter${name}`,
    type: "String",
    value: "ami-0abcdef1234567890",
    insecureValue: "ami-0abcdef1234567890",
    version: 1,
  }),
  "aws:ssoadmin/getInstances:getInstances": () => ({
    arns: [`arn:${partition}:sso:::instance/ssoins-0123456789abcdef`],
    identityStoreIds: ["d-0123456789"],
  }),
  "aws:organizations/getOrganization:getOrganization": () => ({
    id: "o-abcdefghij",
    arn: `arn:${partition}:organizations::${account}:organization/o-abcdefghij`,
    masterAccountId: account,
    roots: [{ id: "r-abcd", name: "Root" }],
  }),
};

/** The functions of the provider (invokes), with what they return in the account of this test. */
export const functions: Provider["functions"] = Object.fromEntries(
  Object.entries(responses).map(([token, respond]) => [
    token,
    async (args: Values): Promise<Values> => {
      const { region: place = region, ...others } = args;
      return { id: "0", region: place as Value, ...others, ...respond(args) };
    },
  ]),
);
