import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { devicePolicies, identityPolicies, limitingPolicies, resourcePolicies } = loadProgram<
  typeof import("../data/resource-types.ts")
>("policy/data/resource-types.ts");

const aws = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** An argument with text whose name is a policy's, but not one that only refers to a policy. */
function isPolicyByName(name: string): boolean {
  return (
    /polic(y|ies)|permission|statement/i.test(name) &&
    !/(Arn|Arns|Id|Name|Type|Version|RevisionId|Revision|Scope|Mode|Model|Url|Token|Runtime|Number|Prefix)$/.test(
      name,
    )
  );
}

/** An argument for any text whose documentation calls it a policy. */
function isPolicyByText(name: string, text: string): boolean {
  return /^(content|document|definition|body|template)$/i.test(name) && /polic(y|ies)/i.test(text);
}

const argument =
  /(?:\/\*\*([\s\S]*?)\*\/\s*)?^ {4}(\w+)\??: pulumi\.Input<(string\b|.*PolicyDocument)/gm;

/** Every argument of @pulumi/aws that may hold a policy: `TYPE PROPERTY`. */
function policyProperties(): string[] {
  return readdirSync(aws, { withFileTypes: true })
    .filter((it) => it.isDirectory())
    .flatMap(({ name: module }) =>
      readdirSync(join(aws, module))
        .filter((file) => file.endsWith(".js"))
        .flatMap((file) => policyPropertiesIn(join(aws, module, file))),
    );
}

function policyPropertiesIn(path: string): string[] {
  const [, token] = /static __pulumiType = '([^']+)'/.exec(readFileSync(path, "utf8")) ?? [];
  if (!token) return [];
  const declaration = readFileSync(path.replace(/js$/, "d.ts"), "utf8");
  const start = declaration.indexOf(`export interface ${token.split(":")[2]}Args`);
  return [...declaration.slice(start).matchAll(argument)].flatMap(([, text = "", name = ""]) =>
    isPolicyByName(name) || isPolicyByText(name, text) ? [`${token} ${name}`] : [],
  );
}

/** The same in the blocks of arguments: `Block PROPERTY`. */
function policyPropertiesInBlocks(): string[] {
  const declaration = readFileSync(join(aws, "types/input.d.ts"), "utf8");
  let block = "";
  const found: string[] = [];
  for (const line of declaration.split("\n")) {
    block = /interface (\w+)/.exec(line)?.[1] ?? block;
    const [, name] = /^ +(policy|\w*[pP]olicyDocument)\??: pulumi\.Input<string/.exec(line) ?? [];
    if (name) found.push(`${block} ${name}`);
  }
  return [...new Set(found)];
}

const read = new Set([
  ...Object.entries({ ...identityPolicies, ...devicePolicies }).map((it) => it.join(" ")),
  ...Object.entries(resourcePolicies).map(([type, path]) => `${type} ${path}`),
  ...Object.entries(limitingPolicies).flatMap(([type, all]) => all.map((it) => `${type} ${it}`)),
  "aws:iam/role:Role assumeRolePolicy",
]);

/** What looks like a policy and is not read, by the reason. */
const notRead: Readonly<Record<string, readonly string[]>> = {
  "the name, the ARN or a setting of a policy, not its text": [
    "aws:bedrock/agentDataSource:AgentDataSource dataDeletionPolicy",
    "aws:dlm/lifecyclePolicy:LifecyclePolicy defaultPolicy",
    "aws:iam/role:Role permissionsBoundary",
    "aws:iam/user:User permissionsBoundary",
    "aws:iot/policyAttachment:PolicyAttachment policy",
  ],
  "a predefined policy of TLS or HTTP": [
    "aws:alb/listener:Listener alpnPolicy",
    "aws:alb/listener:Listener routingHttpResponseContentSecurityPolicyHeaderValue",
    "aws:alb/listener:Listener sslPolicy",
    "aws:apigateway/domainName:DomainName securityPolicy",
    "aws:apigateway/restApi:RestApi securityPolicy",
    "aws:lb/listener:Listener alpnPolicy",
    "aws:lb/listener:Listener routingHttpResponseContentSecurityPolicyHeaderValue",
    "aws:lb/listener:Listener sslPolicy",
    "aws:mailmanager/ingressPoint:IngressPoint tlsPolicy",
    "aws:ses/receiptRule:ReceiptRule tlsPolicy",
    "aws:transfer/webApp:WebApp webAppEndpointPolicy",
  ],
  "about traffic, not about permissions": [
    "aws:alb/loadBalancer:LoadBalancer dnsRecordClientRoutingPolicy",
    "aws:lb/loadBalancer:LoadBalancer dnsRecordClientRoutingPolicy",
    "aws:networkmanager/attachmentRoutingPolicyLabel:AttachmentRoutingPolicyLabel routingPolicyLabel",
    "aws:networkmanager/connectAttachment:ConnectAttachment routingPolicyLabel",
    "aws:networkmanager/coreNetwork:CoreNetwork basePolicyDocument",
    "aws:networkmanager/coreNetworkPolicyAttachment:CoreNetworkPolicyAttachment policyDocument",
    "aws:networkmanager/dxGatewayAttachment:DxGatewayAttachment routingPolicyLabel",
    "aws:networkmanager/siteToSiteVpnAttachment:SiteToSiteVpnAttachment routingPolicyLabel",
    "aws:networkmanager/transitGatewayRouteTableAttachment:TransitGatewayRouteTableAttachment routingPolicyLabel",
    "aws:networkmanager/vpcAttachment:VpcAttachment routingPolicyLabel",
    "aws:route53/trafficPolicy:TrafficPolicy document",
    "aws:ses/receiptFilter:ReceiptFilter policy",
  ],
  "about how long things are kept, scaled or updated": [
    "aws:cloudformation/stack:Stack policyBody",
    "aws:ec2/fleet:Fleet excessCapacityTerminationPolicy",
    "aws:ec2/spotFleetRequest:SpotFleetRequest excessCapacityTerminationPolicy",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy policy",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate lifecyclePolicy",
    "aws:eks/capability:Capability deletePropagationPolicy",
    "aws:emr/instanceGroup:InstanceGroup autoscalingPolicy",
    "aws:fsx/lustreFileSystem:LustreFileSystem autoImportPolicy",
    "aws:fsx/ontapVolume:OntapVolume snapshotPolicy",
    "aws:gamelift/fleet:Fleet newGameSessionProtectionPolicy",
    "aws:gamelift/gameServerGroup:GameServerGroup gameServerProtectionPolicy",
    "aws:opensearch/serverlessLifecyclePolicy:ServerlessLifecyclePolicy policy",
    "aws:storagegateway/nfsFileShare:NfsFileShare notificationPolicy",
    "aws:storagegateway/smbFileShare:SmbFileShare notificationPolicy",
  ],
  "about the delivery or the content of messages and logs": [
    "aws:cloudwatch/logAccountPolicy:LogAccountPolicy policyDocument",
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy policyDocument",
    "aws:cloudwatch/logIndexPolicy:LogIndexPolicy policyDocument",
    "aws:sns/dataProtectionPolicy:DataProtectionPolicy policy",
    "aws:sns/topic:Topic archivePolicy",
    "aws:sns/topic:Topic deliveryPolicy",
    "aws:sns/topicSubscription:TopicSubscription deliveryPolicy",
    "aws:sns/topicSubscription:TopicSubscription filterPolicy",
    "aws:sns/topicSubscription:TopicSubscription redrivePolicy",
    "aws:sns/topicSubscription:TopicSubscription replayPolicy",
    "aws:sqs/queue:Queue redriveAllowPolicy",
    "aws:sqs/queue:Queue redrivePolicy",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy redriveAllowPolicy",
    "aws:sqs/redrivePolicy:RedrivePolicy redrivePolicy",
  ],
  "another language: Cedar, Guard, SQL, or of a service": [
    "aws:athena/preparedStatement:PreparedStatement queryStatement",
    "aws:cfg/organizationCustomPolicyRule:OrganizationCustomPolicyRule policyText",
    "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy policy",
    "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy policy",
    "aws:verifiedaccess/endpoint:Endpoint policyDocument",
    "aws:verifiedaccess/group:Group policyDocument",
    "aws:verifiedpermissions/policyTemplate:PolicyTemplate statement",
    "aws:workspacesweb/browserSettings:BrowserSettings browserPolicy",
  ],
  "one word, without a document": [
    "aws:cloud9/environmentMembership:EnvironmentMembership permissions",
    "aws:ec2/networkInterfacePermission:NetworkInterfacePermission permission",
    "aws:glue/catalog:Catalog overwriteChildResourcePermissionsWithDefault",
    "aws:kendra/index:Index userContextPolicy",
    "aws:s3control/accessGrant:AccessGrant permission",
  ],
  "a part of a statement: the share decides about principal and resource": [
    "aws:ram/permission:Permission policyTemplate",
  ],
};

describe("every policy in the arguments of @pulumi/aws", () => {
  const all = policyProperties();
  const excluded = Object.values(notRead).flat();

  it("is read, or is excluded for a reason", () => {
    expect(all.filter((it) => !read.has(it) && !excluded.includes(it))).to.deep.equal([]);
  });

  it("has no exclusion twice, or without an argument, or of one that is read", () => {
    expect(excluded.filter((it) => !all.includes(it) || read.has(it))).to.deep.equal([]);
    expect(new Set(excluded).size).to.equal(excluded.length);
  });

  it("is found by this test, so the list above is complete", () => {
    const inBlocks = [
      "aws:fsx/s3AccessPointAttachment:S3AccessPointAttachment s3AccessPoint.policy",
      "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy details.policy",
    ];

    expect([...read].filter((it) => !all.includes(it))).to.deep.equal(inBlocks);
  });

  it("is read in blocks of arguments too, or is excluded", () => {
    expect(policyPropertiesInBlocks()).to.have.members([
      // Read.
      "RoleInlinePolicy policy",
      "MultiRegionAccessPointPolicyDetails policy",
      "S3AccessPointAttachmentS3AccessPoint policy",
      // Filled in by AWS.
      "NetworkManagedServiceKmsAccess kmsPolicyDocument",
      "NetworkManagedServiceS3Access s3PolicyDocument",
      "NetworkManagedServiceStsAccess stsPolicyDocument",
      // Settings of a provider narrow the deployment's session.
      "ProviderAssumeRole policy",
      "ProviderAssumeRoleWithWebIdentity policy",
    ]);
  });
});
