import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const { accountId } = aws.getCallerIdentityOutput();

new aws.iam.AccountPasswordPolicy("strict", {
  minimumPasswordLength: 16,
  requireNumbers: true,
  requireSymbols: true,
});

// From AWS's guide: people manage their credentials, and need MFA for anything else.
const selfManagement = new aws.iam.Policy("manage-credentials", {
  policy: accountId.apply((id) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AllowViewAccountInfo",
          Effect: "Allow",
          Action: ["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"],
          Resource: "*",
        },
        {
          Sid: "AllowManageOwnPasswordAndKeys",
          Effect: "Allow",
          Action: [
            "iam:ChangePassword",
            "iam:GetUser",
            "iam:CreateAccessKey",
            "iam:DeleteAccessKey",
            "iam:ListAccessKeys",
            "iam:UpdateAccessKey",
          ],
          Resource: `arn:aws:iam::${id}:user/\${aws:username}`,
        },
        {
          Sid: "AllowManageOwnVirtualMFADevice",
          Effect: "Allow",
          Action: ["iam:CreateVirtualMFADevice"],
          Resource: `arn:aws:iam::${id}:mfa/*`,
        },
        {
          Sid: "AllowManageOwnUserMFA",
          Effect: "Allow",
          Action: ["iam:EnableMFADevice", "iam:ListMFADevices", "iam:ResyncMFADevice"],
          Resource: `arn:aws:iam::${id}:user/\${aws:username}`,
        },
        {
          Sid: "DenyAllExceptListedIfNoMFA",
          Effect: "Deny",
          NotAction: [
            "iam:CreateVirtualMFADevice",
            "iam:EnableMFADevice",
            "iam:GetUser",
            "iam:ListMFADevices",
            "iam:ListVirtualMFADevices",
            "iam:ResyncMFADevice",
            "sts:GetSessionToken",
          ],
          Resource: "*",
          Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
        },
      ],
    }),
  ),
});

const developers = new aws.iam.Group("developers");
new aws.iam.GroupPolicyAttachment("developers-mfa", {
  group: developers.name,
  policyArn: selfManagement.arn,
});
new aws.iam.GroupPolicyAttachment("developers-read", {
  group: developers.name,
  policyArn: aws.iam.ManagedPolicy.ReadOnlyAccess,
});

// Roles that developers create may have no more than this.
const boundary = new aws.iam.Policy("developer-boundary", {
  name: "developer-boundary",
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:*", "sqs:*", "logs:*"], Resource: "*" },
      { Effect: "Deny", Action: "iam:*", Resource: "*" },
    ],
  }),
});
new aws.iam.GroupPolicy("developers-roles", {
  group: developers.name,
  policy: pulumi.all([accountId, boundary.arn]).apply(([id, arn]) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "CreateBoundedRoles",
          Effect: "Allow",
          Action: ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
          Resource: `arn:aws:iam::${id}:role/app-*`,
          Condition: { StringEquals: { "iam:PermissionsBoundary": arn } },
        },
      ],
    }),
  ),
});

// Administrators assume a role with MFA.
const admin = new aws.iam.Role("admin", {
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
        Action: "sts:AssumeRole",
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
      },
    ],
  }),
});
new aws.iam.RolePolicyAttachment("admin", {
  role: admin.name,
  policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
});

for (const name of ["ada", "grace"]) {
  const user = new aws.iam.User(name, { name });
  new aws.iam.UserGroupMembership(name, { user: user.name, groups: [developers.name] });
}

export const adminRole = admin.arn;
