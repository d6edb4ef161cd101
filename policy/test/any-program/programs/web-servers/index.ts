import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const zones = aws.getAvailabilityZonesOutput({ state: "available" });
const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
const gateway = new aws.ec2.InternetGateway("main", { vpcId: vpc.id });
const routes = new aws.ec2.RouteTable("public", {
  vpcId: vpc.id,
  routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }],
});
const subnets = [0, 1].map((index) => {
  const subnet = new aws.ec2.Subnet(`public-${index}`, {
    vpcId: vpc.id,
    cidrBlock: `10.0.${index}.0/24`,
    availabilityZone: zones.names[index],
    mapPublicIpOnLaunch: true,
  });
  new aws.ec2.RouteTableAssociation(`public-${index}`, {
    subnetId: subnet.id,
    routeTableId: routes.id,
  });
  return subnet;
});

const web = new aws.ec2.SecurityGroup("web", {
  vpcId: vpc.id,
  ingress: [
    { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
    { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] },
  ],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
});

const assets = new aws.s3.Bucket("assets");
const role = new aws.iam.Role("web", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal(aws.iam.Principals.Ec2Principal),
});
new aws.iam.RolePolicyAttachment("web-ssm", {
  role: role.name,
  policyArn: aws.iam.ManagedPolicy.AmazonSSMManagedInstanceCore,
});
new aws.iam.RolePolicy("web-assets", {
  role: role.id,
  policy: assets.bucket.apply((name) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:Get*", "s3:List*"],
          Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
        },
      ],
    }),
  ),
});
const profile = new aws.iam.InstanceProfile("web", { role: role.name });

const ami = aws.ec2.getAmiOutput({
  mostRecent: true,
  owners: ["amazon"],
  filters: [{ name: "name", values: ["al2023-ami-*-x86_64"] }],
});
const template = new aws.ec2.LaunchTemplate("web", {
  imageId: ami.id,
  instanceType: "t3.small",
  iamInstanceProfile: { arn: profile.arn },
  vpcSecurityGroupIds: [web.id],
});
new aws.autoscaling.Group("web", {
  minSize: 1,
  maxSize: 3,
  vpcZoneIdentifiers: subnets.map((it) => it.id),
  launchTemplate: { id: template.id, version: "$Latest" },
});

// For administrators.
new aws.ec2.Instance("bastion", {
  ami: ami.id,
  instanceType: "t3.micro",
  subnetId: subnets[0]?.id,
  vpcSecurityGroupIds: [web.id],
  metadataOptions: { httpTokens: "required" },
  rootBlockDevice: { encrypted: true },
});

const config = new pulumi.Config();
const database = new aws.rds.Instance("shop", {
  engine: "postgres",
  instanceClass: "db.t4g.micro",
  allocatedStorage: 20,
  username: "shop",
  password: config.getSecret("databasePassword") ?? "change-me-please",
  skipFinalSnapshot: true,
});
const monitoring = new aws.iam.Role("database-monitoring", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({
    Service: "monitoring.rds.amazonaws.com",
  }),
  managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"],
});

export const databaseEndpoint = database.endpoint;
export const monitoringRole = monitoring.arn;
