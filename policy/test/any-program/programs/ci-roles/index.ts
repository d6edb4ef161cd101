import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const organization = config.require("organization");
const account = aws.getCallerIdentityOutput().accountId;

const github = new aws.iam.OpenIdConnectProvider("github", {
  url: "https://token.actions.githubusercontent.com",
  clientIdLists: ["sts.amazonaws.com"],
});

const artifacts = new aws.s3.Bucket("artifacts", { bucket: "example-artifacts" });

// From the main branch of one repository.
const publisher = new aws.iam.Role("publisher", {
  assumeRolePolicy: github.arn.apply((arn) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: arn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": `repo:${organization}/shop:ref:refs/heads/main`,
            },
          },
        },
      ],
    }),
  ),
});
new aws.iam.RolePolicy("publisher", {
  role: publisher.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:GetObject"],
        Resource: "arn:aws:s3:::example-artifacts/releases/*",
      },
    ],
  },
});

// A wildcard where StringEquals compares literally: nobody can assume this role.
const tester = new aws.iam.Role("tester", {
  assumeRolePolicy: account.apply((id) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: {
            Federated: `arn:aws:iam::${id}:oidc-provider/token.actions.githubusercontent.com`,
          },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": `repo:${organization}/shop:*`,
            },
          },
        },
      ],
    }),
  ),
});
new aws.iam.RolePolicyAttachment("tester", {
  role: tester.name,
  policyArn: aws.iam.ManagedPolicy.ReadOnlyAccess,
});

// Any repository of the organisation, and full access: the usual first draft.
const deployer = new aws.iam.Role("deployer", {
  assumeRolePolicy: account.apply((id) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: {
            Federated: `arn:aws:iam::${id}:oidc-provider/token.actions.githubusercontent.com`,
          },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringLike: { "token.actions.githubusercontent.com:sub": `repo:${organization}/*` },
          },
        },
      ],
    }),
  ),
  maxSessionDuration: 7200,
});
new aws.iam.RolePolicyAttachment("deployer", {
  role: deployer.name,
  policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
});

// An environment of a repository, with the permissions that its deployment needs.
const releaser = new aws.iam.Role("releaser", {
  assumeRolePolicy: account.apply((id) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: {
            Federated: `arn:aws:iam::${id}:oidc-provider/token.actions.githubusercontent.com`,
          },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": `repo:${organization}/shop:environment:production`,
            },
          },
        },
      ],
    }),
  ),
});
new aws.iam.RolePolicy("releaser", {
  role: releaser.name,
  policy: account.apply((id) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["lambda:UpdateFunctionCode", "lambda:PublishVersion"],
          Resource: `arn:aws:lambda:us-east-1:${id}:function:shop-*`,
        },
        {
          Effect: "Allow",
          Action: "cloudformation:*",
          Resource: `arn:aws:cloudformation:us-east-1:${id}:stack/shop/*`,
        },
        {
          Effect: "Allow",
          Action: "iam:PassRole",
          Resource: `arn:aws:iam::${id}:role/shop-function`,
          Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
        },
      ],
    }),
  ),
});

const gitlab = new aws.iam.OpenIdConnectProvider("gitlab", {
  url: "https://gitlab.com",
  clientIdLists: ["https://gitlab.com"],
});
const mirror = new aws.iam.Role("mirror", {
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: gitlab.arn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "gitlab.com:sub": `project_path:${organization}/mirror:ref_type:branch:ref:main`,
          },
        },
      },
    ],
  }),
});
new aws.iam.RolePolicy("mirror", {
  role: mirror.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:ListBucket", "s3:GetObject"],
        Resource: ["arn:aws:s3:::example-artifacts", "arn:aws:s3:::example-artifacts/*"],
      },
    ],
  },
});

export const publisherArn = publisher.arn;
export const testerArn = tester.arn;
export const deployerArn = deployer.arn;
export const releaserArn = releaser.arn;
export const mirrorArn = mirror.arn;
export const bucket = artifacts.bucket;
