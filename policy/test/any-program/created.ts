import { text } from "../../../sandbox/aws/provider/resource-type.ts";
import type { Values } from "../../../sandbox/engine/values.ts";
import { account, partition, region } from "./account.ts";

/** What AWS decides when it creates a resource. */
interface Decided {
  /** The id in Pulumi's state; the resource's name if it is not given. */
  readonly id?: string;
  readonly [output: string]: unknown;
}

/** `hex` is a number of 17 hexadecimal digits, as AWS has them in ids, which only this resource has. */
type Decide = (inputs: Values, hex: string) => Decided;

/** What AWS decides for a resource: its id and outputs. Throws if the table lacks its ARN. */
export function decided(type: string, inputs: Values, hex: string, hasArn: boolean): Values {
  const values = decisions[type]?.(inputs, hex) ?? {};
  if (hasArn && values.arn === undefined) {
    throw new Error(`created.ts does not know the ARN of ${type}: add it to the table`);
  }
  const named = inputs.name ?? inputs.bucket;
  return { id: typeof named === "string" ? named : hex, ...(values as Values) };
}

function arn(service: string, resource: string, { global = false, noAccount = false } = {}) {
  const [where, who] = [global ? "" : region, noAccount ? "" : account];
  return `arn:${partition}:${service}:${where}:${who}:${resource}`;
}

/** A resource whose ARN ends with its name. */
const named =
  (service: string, prefix = ""): Decide =>
  ({ name }) => ({ arn: arn(service, `${prefix}${name}`) });

/** The same, if the resource's id in Pulumi's state is the ARN. */
const byArn =
  (service: string, prefix = ""): Decide =>
  ({ name }) => ({
    id: arn(service, `${prefix}${name}`),
    arn: arn(service, `${prefix}${name}`),
  });

/** A resource of EC2, whose id has a prefix, for example `vpc-`. */
const ofEc2 =
  (prefix: string, kind: string): Decide =>
  (_, hex) => ({ id: `${prefix}-${hex}`, arn: arn("ec2", `${kind}/${prefix}-${hex}`) });

const ofIam =
  (kind: string): Decide =>
  ({ name, path = "/" }, hex) => ({
    arn: arn("iam", `${kind}${path}${name}`, { global: true }),
    uniqueId: `AIDA${hex.toUpperCase()}`,
    createDate: "2026-01-02T03:04:05Z",
  });

const loadBalancer: Decide = ({ name, loadBalancerType = "application" }, hex) => {
  const kind = loadBalancerType === "network" ? "net" : "app";
  const loadBalancerArn = arn("elasticloadbalancing", `loadbalancer/${kind}/${name}/${hex}`);
  return {
    id: loadBalancerArn,
    arn: loadBalancerArn,
    arnSuffix: `${kind}/${name}/${hex}`,
    dnsName: `${name}-1234567890.${region}.elb.amazonaws.com`,
    zoneId: "Z35SXDOTRQ7X7K",
    vpcId: "vpc-0123456789abcdef0",
  };
};

const targetGroup: Decide = ({ name }, hex) => {
  const targetGroupArn = arn("elasticloadbalancing", `targetgroup/${name}/${hex}`);
  return { id: targetGroupArn, arn: targetGroupArn, arnSuffix: `targetgroup/${name}/${hex}` };
};

const restApi: Decide = (_, hex) => {
  const id = hex.slice(0, 10);
  return {
    id,
    arn: arn("apigateway", `/restapis/${id}`, { noAccount: true }),
    executionArn: arn("execute-api", id),
    rootResourceId: hex.slice(7),
  };
};

const lambdaFunction: Decide = ({ name, publish }) => {
  const functionArn = arn("lambda", `function:${name}`);
  const invoke = `path/2015-03-31/functions/${functionArn}/invocations`;
  return {
    arn: functionArn,
    invokeArn: `arn:${partition}:apigateway:${region}:lambda:${invoke}`,
    qualifiedArn: `${functionArn}:${publish ? "1" : "$LATEST"}`,
    lastModified: "2026-01-02T03:04:05.000+0000",
  };
};

const bucket: Decide = ({ bucket: name }) => ({
  arn: arn("s3", String(name), { global: true, noAccount: true }),
  bucketDomainName: `${name}.s3.amazonaws.com`,
  bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
  hostedZoneId: "Z3AQBSTGFYJSTF",
});

const bucketObject: Decide = (inputs, hex) => ({
  id: `${text(inputs, "bucket")}/${text(inputs, "key")}`,
  arn: arn("s3", `${inputs.bucket}/${inputs.key}`, { global: true, noAccount: true }),
  versionId: hex,
});

const userPool: Decide = ({ name }, hex) => {
  const id = `${region}_${hex.slice(0, 9)}`;
  return {
    id,
    arn: arn("cognito-idp", `userpool/${id}`),
    endpoint: `cognito-idp.${region}.amazonaws.com/${id}`,
    name: name ?? null,
  };
};

const eksCluster: Decide = ({ name }, hex) => ({
  arn: arn("eks", `cluster/${name}`),
  endpoint: `https://${hex.toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
  identities: [
    { oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${hex.toUpperCase()}` }] },
  ],
  certificateAuthority: { data: "LS0tLS1CRUdJTg==" },
  status: "ACTIVE",
  version: "1.34",
});

/**
 * By type: ids, ARNs and other outputs that AWS decides, as far as programs of this test use them. The formats of
 * ARNs are those of https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html, ids
 * those of each resource's "Import" section in the documentation of @pulumi/aws.
 */
const decisions: Readonly<Record<string, Decide>> = {
  "aws:acm/certificate:Certificate": ({ domainName }, hex) => {
    const certificate = arn("acm", `certificate/${hex}`);
    const validation = {
      domainName: domainName ?? null,
      resourceRecordName: `_${hex}.${domainName}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${hex}.acm-validations.aws.`,
    };
    return { id: certificate, arn: certificate, domainValidationOptions: [validation] };
  },
  "aws:apigateway/deployment:Deployment": (_, hex) => ({ id: hex.slice(0, 6) }),
  "aws:apigateway/restApi:RestApi": restApi,
  "aws:apigateway/stage:Stage": ({ restApi: api, stageName }) => ({
    id: `ags-${api}-${stageName}`,
    arn: arn("apigateway", `/restapis/${api}/stages/${stageName}`, { noAccount: true }),
    executionArn: arn("execute-api", `${api}/${stageName}`),
    invokeUrl: `https://${api}.execute-api.${region}.amazonaws.com/${stageName}`,
  }),
  "aws:apigatewayv2/api:Api": (_, hex) => {
    const id = hex.slice(0, 10);
    return {
      id,
      arn: arn("apigateway", `/apis/${id}`, { noAccount: true }),
      apiEndpoint: `https://${id}.execute-api.${region}.amazonaws.com`,
      executionArn: arn("execute-api", id),
    };
  },
  "aws:apigatewayv2/stage:Stage": ({ apiId, name }) => ({
    arn: arn("apigateway", `/apis/${apiId}/stages/${name}`, { noAccount: true }),
    executionArn: arn("execute-api", `${apiId}/${name}`),
    invokeUrl: `https://${apiId}.execute-api.${region}.amazonaws.com/`,
  }),
  "aws:athena/workgroup:Workgroup": named("athena", "workgroup/"),
  "aws:autoscaling/group:Group": ({ name }, hex) => ({
    arn: arn("autoscaling", `autoScalingGroup:${hex}:autoScalingGroupName/${name}`),
  }),
  "aws:backup/plan:Plan": (_, hex) => ({ id: hex, arn: arn("backup", `backup-plan:${hex}`) }),
  "aws:backup/vault:Vault": named("backup", "backup-vault:"),
  "aws:cloudfront/distribution:Distribution": (_, hex) => {
    const id = `E${hex.slice(0, 13).toUpperCase()}`;
    return {
      id,
      arn: arn("cloudfront", `distribution/${id}`, { global: true }),
      domainName: `d${hex.slice(0, 13)}.cloudfront.net`,
      hostedZoneId: "Z2FDTNDATAQYW2",
    };
  },
  "aws:cloudfront/originAccessControl:OriginAccessControl": (_, hex) => {
    const id = `E${hex.slice(0, 13).toUpperCase()}`;
    return { id, arn: arn("cloudfront", `origin-access-control/${id}`, { global: true }) };
  },
  "aws:cloudfront/originAccessIdentity:OriginAccessIdentity": (_, hex) => {
    const id = `E${hex.slice(0, 13).toUpperCase()}`;
    const user = `user/CloudFront Origin Access Identity ${id}`;
    return {
      id,
      arn: arn("cloudfront", `origin-access-identity/${id}`, { global: true }),
      iamArn: `arn:${partition}:iam::cloudfront:${user}`,
      cloudfrontAccessIdentityPath: `origin-access-identity/cloudfront/${id}`,
      s3CanonicalUserId: hex,
    };
  },
  "aws:cloudtrail/trail:Trail": named("cloudtrail", "trail/"),
  "aws:cloudwatch/eventArchive:EventArchive": named("events", "archive/"),
  "aws:cloudwatch/eventBus:EventBus": named("events", "event-bus/"),
  "aws:cloudwatch/eventRule:EventRule": ({ name, eventBusName = "default" }) => ({
    id: eventBusName === "default" ? String(name) : `${eventBusName}/${name}`,
    arn: arn("events", `rule/${eventBusName === "default" ? "" : `${eventBusName}/`}${name}`),
  }),
  "aws:cloudwatch/eventTarget:EventTarget": ({ rule, targetId }, hex) => ({
    id: `${rule}-${targetId ?? hex}`,
    arn: null,
    targetId: targetId ?? `terraform-${hex}`,
  }),
  "aws:cloudwatch/logGroup:LogGroup": named("logs", "log-group:"),
  "aws:cloudwatch/logStream:LogStream": ({ logGroupName, name }) => ({
    arn: arn("logs", `log-group:${logGroupName}:log-stream:${name}`),
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", "alarm:"),
  "aws:codebuild/project:Project": byArn("codebuild", "project/"),
  "aws:codepipeline/pipeline:Pipeline": named("codepipeline"),
  "aws:codestarconnections/connection:Connection": (_, hex) => ({
    id: arn("codestar-connections", `connection/${hex}`),
    arn: arn("codestar-connections", `connection/${hex}`),
  }),
  "aws:cognito/identityPool:IdentityPool": (_, hex) => {
    const id = `${region}:${hex}`;
    return { id, arn: arn("cognito-identity", `identitypool/${id}`) };
  },
  "aws:cognito/userPool:UserPool": userPool,
  "aws:cognito/userPoolClient:UserPoolClient": (_, hex) => ({ id: hex }),
  "aws:dynamodb/table:Table": ({ name, streamEnabled }) => ({
    arn: arn("dynamodb", `table/${name}`),
    ...(streamEnabled && {
      streamArn: arn("dynamodb", `table/${name}/stream/2026-01-02T03:04:05.000`),
      streamLabel: "2026-01-02T03:04:05.000",
    }),
  }),
  "aws:ec2/eip:Eip": ofEc2("eipalloc", "elastic-ip"),
  "aws:ec2/instance:Instance": ofEc2("i", "instance"),
  "aws:ec2/internetGateway:InternetGateway": ofEc2("igw", "internet-gateway"),
  "aws:ec2/launchTemplate:LaunchTemplate": ofEc2("lt", "launch-template"),
  "aws:ec2/routeTable:RouteTable": ofEc2("rtb", "route-table"),
  "aws:ec2/securityGroup:SecurityGroup": ofEc2("sg", "security-group"),
  "aws:ec2/subnet:Subnet": ofEc2("subnet", "subnet"),
  "aws:ec2/vpc:Vpc": ofEc2("vpc", "vpc"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ofEc2("vpce", "vpc-endpoint"),
  "aws:ecr/repository:Repository": ({ name }) => ({
    arn: arn("ecr", `repository/${name}`),
    registryId: account,
    repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
  }),
  "aws:ecs/cluster:Cluster": byArn("ecs", "cluster/"),
  "aws:ecs/service:Service": ({ name, cluster }) => {
    const service = arn("ecs", `service/${String(cluster).split("/").at(-1)}/${name}`);
    return { id: service, arn: service };
  },
  "aws:ecs/taskDefinition:TaskDefinition": ({ family }) => ({
    id: String(family),
    arn: arn("ecs", `task-definition/${family}:1`),
    arnWithoutRevision: arn("ecs", `task-definition/${family}`),
    revision: 1,
  }),
  "aws:efs/fileSystem:FileSystem": (_, hex) => ({
    id: `fs-${hex}`,
    arn: arn("elasticfilesystem", `file-system/fs-${hex}`),
  }),
  "aws:eks/addon:Addon": ({ addonName, clusterName }, hex) => ({
    id: `${clusterName}:${addonName}`,
    arn: arn("eks", `addon/${clusterName}/${addonName}/${hex}`),
  }),
  "aws:eks/cluster:Cluster": eksCluster,
  "aws:eks/nodeGroup:NodeGroup": ({ clusterName, nodeGroupName }, hex) => ({
    id: `${clusterName}:${nodeGroupName}`,
    arn: arn("eks", `nodegroup/${clusterName}/${nodeGroupName}/${hex}`),
  }),
  "aws:glue/catalogDatabase:CatalogDatabase": ({ name }) => ({
    id: `${account}:${name}`,
    arn: arn("glue", `database/${name}`),
    catalogId: account,
  }),
  "aws:iam/accessKey:AccessKey": (_, hex) => ({ id: `AKIA${hex.slice(1).toUpperCase()}` }),
  "aws:iam/group:Group": ofIam("group"),
  "aws:iam/instanceProfile:InstanceProfile": ofIam("instance-profile"),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ({ url }) => {
    const provider = arn("iam", `oidc-provider/${String(url).replace("https://", "")}`, {
      global: true,
    });
    return { id: provider, arn: provider };
  },
  "aws:iam/policy:Policy": ({ name, path = "/" }, hex) => {
    const policy = arn("iam", `policy${path}${name}`, { global: true });
    return { id: policy, arn: policy, policyId: `ANPA${hex.toUpperCase()}` };
  },
  "aws:iam/role:Role": ofIam("role"),
  "aws:iam/rolePolicy:RolePolicy": ({ role, name }) => ({ id: `${role}:${name}` }),
  "aws:iam/user:User": ofIam("user"),
  "aws:identitystore/group:Group": ({ identityStoreId }, hex) => ({
    id: `${identityStoreId}/${hex}`,
    arn: arn("identitystore", `group/${hex}`, { global: true, noAccount: true }),
    groupId: hex,
  }),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": byArn("firehose", "deliverystream/"),
  "aws:kinesis/stream:Stream": byArn("kinesis", "stream/"),
  "aws:kms/alias:Alias": ({ name }) => ({ arn: arn("kms", String(name)) }),
  "aws:kms/key:Key": (_, hex) => ({ id: hex, arn: arn("kms", `key/${hex}`), keyId: hex }),
  "aws:lambda/eventSourceMapping:EventSourceMapping": ({ functionName }, hex) => ({
    id: hex,
    uuid: hex,
    arn: arn("lambda", `event-source-mapping:${hex}`),
    functionArn: String(functionName).startsWith("arn:")
      ? functionName
      : arn("lambda", `function:${functionName}`),
  }),
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/functionUrl:FunctionUrl": ({ functionName }, hex) => ({
    id: String(functionName),
    functionArn: arn("lambda", `function:${functionName}`),
    functionUrl: `https://${hex}.lambda-url.${region}.on.aws/`,
    urlId: hex,
  }),
  "aws:lambda/layerVersion:LayerVersion": ({ layerName }) => ({
    id: arn("lambda", `layer:${layerName}:1`),
    arn: arn("lambda", `layer:${layerName}:1`),
    layerArn: arn("lambda", `layer:${layerName}`),
    version: "1",
  }),
  "aws:lambda/permission:Permission": ({ statementId }) => ({ id: String(statementId) }),
  "aws:lb/listener:Listener": ({ loadBalancerArn }, hex) => {
    const listener = `${String(loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${hex}`;
    return { id: listener, arn: listener };
  },
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:lb/targetGroup:TargetGroup": targetGroup,
  "aws:opensearch/domain:Domain": ({ domainName }) => ({
    id: arn("es", `domain/${domainName}`),
    arn: arn("es", `domain/${domainName}`),
    endpoint: `search-${domainName}.${region}.es.amazonaws.com`,
  }),
  "aws:organizations/account:Account": () => ({
    id: "210987654321",
    arn: arn("organizations", "account/o-abcdefghij/210987654321", { global: true }),
  }),
  "aws:organizations/organization:Organization": () => ({
    id: "o-abcdefghij",
    arn: arn("organizations", "organization/o-abcdefghij", { global: true }),
    masterAccountId: account,
    roots: [
      {
        arn: arn("organizations", "root/o-abcdefghij/r-abcd", { global: true }),
        id: "r-abcd",
        name: "Root",
        policyTypes: [],
      },
    ],
  }),
  "aws:organizations/organizationalUnit:OrganizationalUnit": (_, hex) => ({
    id: `ou-abcd-${hex.slice(0, 8)}`,
    arn: arn("organizations", `ou/o-abcdefghij/ou-abcd-${hex.slice(0, 8)}`, { global: true }),
  }),
  "aws:organizations/policy:Policy": (_, hex) => ({
    id: `p-${hex.slice(0, 8)}`,
    arn: arn("organizations", `policy/o-abcdefghij/service_control_policy/p-${hex.slice(0, 8)}`, {
      global: true,
    }),
  }),
  "aws:pipes/pipe:Pipe": named("pipes", "pipe/"),
  "aws:rds/cluster:Cluster": ({ clusterIdentifier }, hex) => ({
    id: String(clusterIdentifier),
    arn: arn("rds", `cluster:${clusterIdentifier}`),
    endpoint: `${clusterIdentifier}.cluster-${hex.slice(0, 12)}.${region}.rds.amazonaws.com`,
  }),
  "aws:rds/instance:Instance": ({ identifier }, hex) => ({
    id: `db-${hex.toUpperCase()}`,
    arn: arn("rds", `db:${identifier}`),
    endpoint: `${identifier}.${hex.slice(0, 12)}.${region}.rds.amazonaws.com:5432`,
    address: `${identifier}.${hex.slice(0, 12)}.${region}.rds.amazonaws.com`,
  }),
  "aws:rds/subnetGroup:SubnetGroup": named("rds", "subgrp:"),
  "aws:route53/zone:Zone": (_, hex) => {
    const id = `Z${hex.toUpperCase()}`;
    return {
      id,
      zoneId: id,
      arn: arn("route53", `hostedzone/${id}`, { global: true, noAccount: true }),
    };
  },
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketObject:BucketObject": bucketObject,
  "aws:s3/bucketObjectv2:BucketObjectv2": bucketObject,
  "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": ({ bucket: name }) => ({
    websiteDomain: `s3-website-${region}.amazonaws.com`,
    websiteEndpoint: `${name}.s3-website-${region}.amazonaws.com`,
  }),
  "aws:scheduler/schedule:Schedule": ({ name, groupName = "default" }) => ({
    id: `${groupName}/${name}`,
    arn: arn("scheduler", `schedule/${groupName}/${name}`),
  }),
  "aws:secretsmanager/secret:Secret": ({ name }, hex) => {
    const secret = arn("secretsmanager", `secret:${name}-${hex.slice(0, 6)}`);
    return { id: secret, arn: secret };
  },
  "aws:secretsmanager/secretVersion:SecretVersion": ({ secretId }, hex) => ({
    id: `${secretId}|${hex}`,
    arn: secretId ?? null,
    versionId: hex,
  }),
  "aws:sesv2/emailIdentity:EmailIdentity": ({ emailIdentity }) => ({
    id: String(emailIdentity),
    arn: arn("ses", `identity/${emailIdentity}`),
  }),
  "aws:sfn/stateMachine:StateMachine": byArn("states", "stateMachine:"),
  "aws:sns/topic:Topic": byArn("sns"),
  "aws:sns/topicSubscription:TopicSubscription": ({ topic }, hex) => ({
    id: `${topic}:${hex}`,
    arn: `${topic}:${hex}`,
  }),
  "aws:sqs/queue:Queue": ({ name }) => {
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    return { id: url, url, arn: arn("sqs", String(name)) };
  },
  "aws:ssm/parameter:Parameter": ({ name }) => ({
    arn: arn("ssm", `parameter${String(name).startsWith("/") ? "" : "/"}${name}`),
    version: 1,
  }),
  "aws:ssoadmin/permissionSet:PermissionSet": ({ instanceArn }, hex) => {
    const permissionSet = `${String(instanceArn).replace(":instance/", ":permissionSet/")}/ps-${hex.slice(1)}`;
    return { id: `${permissionSet},${instanceArn}`, arn: permissionSet };
  },
};
