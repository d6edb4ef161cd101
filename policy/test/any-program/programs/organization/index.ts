import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const account = aws.getCallerIdentityOutput().accountId;

const organization = new aws.organizations.Organization("organization", {
  featureSet: "ALL",
  enabledPolicyTypes: ["SERVICE_CONTROL_POLICY"],
  awsServiceAccessPrincipals: ["cloudtrail.amazonaws.com", "sso.amazonaws.com"],
});
const workloads = new aws.organizations.OrganizationalUnit("workloads", {
  parentId: organization.roots[0].id,
});
const shop = new aws.organizations.Account("shop", {
  email: "aws-shop@example.com",
  parentId: workloads.id,
});

const guardrails = new aws.organizations.Policy("guardrails", {
  type: "SERVICE_CONTROL_POLICY",
  content: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "KeepAuditTrail",
        Effect: "Deny",
        Action: ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"],
        Resource: "*",
      },
      {
        Sid: "Regions",
        Effect: "Deny",
        NotAction: ["iam:*", "organizations:*", "route53:*", "cloudfront:*", "support:*"],
        Resource: "*",
        Condition: { StringNotEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } },
      },
    ],
  }),
});
new aws.organizations.PolicyAttachment("guardrails", {
  policyId: guardrails.id,
  targetId: workloads.id,
});

const [instanceArn, identityStoreId] = [0, 1].map((index) =>
  aws.ssoadmin
    .getInstancesOutput()
    .apply((it) => [it.arns[0], it.identityStoreIds[0]][index] ?? ""),
) as [pulumi.Output<string>, pulumi.Output<string>];

const administrator = new aws.ssoadmin.PermissionSet("administrator", {
  name: "Administrator",
  instanceArn,
  sessionDuration: "PT4H",
});
new aws.ssoadmin.ManagedPolicyAttachment("administrator", {
  instanceArn,
  permissionSetArn: administrator.arn,
  managedPolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
});
const billing = new aws.ssoadmin.PermissionSet("billing", { name: "Billing", instanceArn });
new aws.ssoadmin.PermissionSetInlinePolicy("billing", {
  instanceArn,
  permissionSetArn: billing.arn,
  inlinePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["ce:Get*", "ce:List*", "budgets:ViewBudget"], Resource: "*" },
    ],
  }),
});
const admins = new aws.identitystore.Group("admins", {
  identityStoreId,
  displayName: "Admins",
});
new aws.ssoadmin.AccountAssignment("admins-in-shop", {
  instanceArn,
  permissionSetArn: administrator.arn,
  principalId: admins.groupId,
  principalType: "GROUP",
  targetId: shop.id,
  targetType: "AWS_ACCOUNT",
});

// The trail's bucket, as in AWS's guide.
const trailBucket = new aws.s3.Bucket("audit-trail", { bucket: "example-audit-trail" });
const trailPolicy = new aws.s3.BucketPolicy("audit-trail", {
  bucket: trailBucket.id,
  policy: account.apply((id) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AWSCloudTrailAclCheck",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:GetBucketAcl",
          Resource: "arn:aws:s3:::example-audit-trail",
        },
        {
          Sid: "AWSCloudTrailWrite",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `arn:aws:s3:::example-audit-trail/AWSLogs/${id}/*`,
          Condition: {
            StringEquals: {
              "s3:x-amz-acl": "bucket-owner-full-control",
              "aws:SourceArn": `arn:aws:cloudtrail:us-east-1:${id}:trail/audit`,
            },
          },
        },
      ],
    }),
  ),
});
new aws.cloudtrail.Trail(
  "audit",
  {
    name: "audit",
    s3BucketName: trailBucket.bucket,
    isMultiRegionTrail: true,
    isOrganizationTrail: true,
    enableLogFileValidation: true,
  },
  { dependsOn: [trailPolicy] },
);

// Lets the shop's deployment assume a role here to write its DNS records.
const zone = aws.route53.getZoneOutput({ name: "example.com" });
const dnsRole = new aws.iam.Role("shop-dns", {
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:aws:iam::${shop.id}:root` },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "shop-dns" } },
      },
    ],
  }),
});
new aws.iam.RolePolicy("shop-dns", {
  role: dnsRole.id,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
        Resource: zone.arn,
      },
      { Effect: "Allow", Action: ["route53:GetChange"], Resource: "arn:aws:route53:::change/*" },
    ],
  },
});

export const shopAccount = shop.id;
export const dnsRoleArn = dnsRole.arn;
