import { globSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const {
  types,
  codeAssets,
  devicePolicies,
  identityPolicies,
  limitingPolicies,
  managedPolicies,
  resourcePolicies,
  arnOfAnother,
} = loadProgram<typeof import("../data/resource-types.ts")>("policy/data/resource-types.ts");

const aws = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** The declaration of a type's arguments in @pulumi/aws, by its token `aws:MODULE/FILE:CLASS`. */
function declarationOf(token: string): string {
  const [, module = "", file = "", name = ""] = /^aws:(\w+)\/(\w+):(\w+)$/.exec(token) ?? [];
  // `s3AccessPointAttachment` is in `s3accessPointAttachment.js`.
  const found = readdirSync(join(aws, module)).find(
    (it) => it.toLowerCase() === `${file}.js`.toLowerCase(),
  );
  const path = join(aws, module, found ?? `${file}.js`);
  expect(readFileSync(path, "utf8"), token).to.include(`static __pulumiType = '${token}'`);
  const declaration = readFileSync(path.replace(/js$/, "d.ts"), "utf8");
  return declaration.slice(declaration.indexOf(`export interface ${name}Args`));
}

describe("the types with the ARN of another resource", () => {
  it("are those of @pulumi/aws whose arn is an input, but for what may choose its own", () => {
    const own = [
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      "aws:kinesis/stream:Stream",
      "aws:ssm/parameter:Parameter",
    ];
    const found = globSync("*/*.d.ts", { cwd: aws }).flatMap((file) => {
      const declaration = readFileSync(join(aws, file), "utf8");
      const [args = ""] = /export interface \w+Args \{.*?\n\}/s.exec(declaration) ?? [];
      if (!/\n {4}arn\??: pulumi\.Input</.test(args)) return [];
      const code = readFileSync(join(aws, file.replace(/d\.ts$/, "js")), "utf8");
      return /__pulumiType = '(.*)'/.exec(code)?.[1] ?? [];
    });

    expect(found).to.have.members([...arnOfAnother, ...own]);
  });
});

describe("the list of types", () => {
  for (const token of Object.values(types)) {
    it(`has ${token} as @pulumi/aws does`, () => {
      expect(declarationOf(token)).to.match(/^export interface/);
    });
  }

  for (const [token, property] of [
    ...Object.entries(identityPolicies),
    ...Object.entries(resourcePolicies).map(([type, path]) => [type, path.split(".")[0]] as const),
    ...Object.entries(devicePolicies),
    ...Object.entries(limitingPolicies).flatMap(([type, all]) =>
      all.map((it) => [type, it] as const),
    ),
    ...Object.entries(managedPolicies),
    [types.role, "assumeRolePolicy"],
    [types.role, "inlinePolicies"],
    [types.role, "permissionsBoundary"],
    [types.functionUrl, "authorizationType"],
    [types.lambdaPermission, "principal"],
    [types.lambdaPermission, "sourceArn"],
    [types.lambdaPermission, "sourceAccount"],
    [types.lambdaPermission, "principalOrgId"],
    [types.lambdaPermission, "eventSourceToken"],
    [types.lambdaPermission, "functionUrlAuthType"],
    [types.lambdaPermission, "invokedViaFunctionUrl"],
    [types.layerPermission, "action"],
    [types.layerPermission, "principal"],
    [types.layerPermission, "organizationId"],
    [types.eventPermission, "action"],
    [types.eventPermission, "principal"],
    [types.eventPermission, "condition"],
    [types.signingPermission, "action"],
    [types.signingPermission, "principal"],
    [types.organizationPolicy, "type"],
    [types.accessPoint, "vpcConfiguration"],
    [types.searchDomain, "vpcOptions"],
    [types.searchDomain, "advancedSecurityOptions"],
    [types.elasticsearchDomain, "vpcOptions"],
    [types.elasticsearchDomain, "advancedSecurityOptions"],
    [types.instance, "metadataOptions"],
    [types.instance, "rootBlockDevice"],
    [types.instance, "ebsBlockDevices"],
    [types.launchTemplate, "metadataOptions"],
    [types.launchTemplate, "blockDeviceMappings"],
    [types.launchConfiguration, "metadataOptions"],
    [types.launchConfiguration, "rootBlockDevice"],
    [types.launchConfiguration, "ebsBlockDevices"],
    [types.volume, "encrypted"],
    [types.securityGroup, "ingress"],
    [types.defaultSecurityGroup, "ingress"],
    [types.securityGroupRule, "cidrBlocks"],
    [types.securityGroupRule, "ipv6CidrBlocks"],
    [types.ingressRule, "ipProtocol"],
    [types.ingressRule, "cidrIpv4"],
    [types.ingressRule, "cidrIpv6"],
    [types.logGroup, "retentionInDays"],
    [types.slackChannel, "guardrailPolicyArns"],
    [types.teamsChannel, "guardrailPolicyArns"],
    ...Object.entries(codeAssets),
    [types.function, "s3Bucket"],
    [types.function, "s3Key"],
    [types.function, "s3ObjectVersion"],
    [types.bucket, "bucket"],
    [types.bucketV2, "bucket"],
    ...[types.bucketObject, types.bucketObjectV2, types.objectCopy].flatMap(
      (it) =>
        [
          [it, "bucket"],
          [it, "key"],
        ] as const,
    ),
    [types.bucketObject, "contentBase64"],
    [types.bucketObjectV2, "contentBase64"],
  ] as const) {
    it(`reads ${property} of ${token}, which @pulumi/aws has`, () => {
      expect(declarationOf(token)).to.match(new RegExp(`\\b${property}\\??: pulumi\\.Input<`));
    });
  }
});
