import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const artifacts = new aws.s3.Bucket("pipeline-artifacts");
const connection = new aws.codestarconnections.Connection("github", { providerType: "GitHub" });

const buildRole = new aws.iam.Role("build-role", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "codebuild.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ],
  }),
});
new aws.iam.RolePolicy("build-policy", {
  role: buildRole.name,
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Resource: ["*"],
        Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      },
      {
        Effect: "Allow",
        Action: [
          "ec2:CreateNetworkInterface",
          "ec2:DescribeDhcpOptions",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeSubnets",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeVpcs",
        ],
        Resource: "*",
      },
      { Effect: "Allow", Action: ["s3:*"], Resource: "*" },
      { Effect: "Allow", Action: ["*"], Resource: "*" },
    ],
  }),
});
const build = new aws.codebuild.Project("build", {
  serviceRole: buildRole.arn,
  artifacts: { type: "CODEPIPELINE" },
  environment: {
    computeType: "BUILD_GENERAL1_SMALL",
    image: "aws/codebuild/amazonlinux2-x86_64-standard:5.0",
    type: "LINUX_CONTAINER",
  },
  source: { type: "CODEPIPELINE", buildspec: "buildspec.yml" },
});

const pipelineRole = new aws.iam.Role("pipeline-role", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: ["codepipeline.amazonaws.com", "codebuild.amazonaws.com"] },
        Action: "sts:AssumeRole",
      },
    ],
  }),
});
new aws.iam.RolePolicy("pipeline-policy", {
  role: pipelineRole.name,
  policy: pulumi.all([artifacts.arn, connection.arn]).apply(([bucketArn, connectionArn]) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: [
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:GetBucketVersioning",
            "s3:PutObjectAcl",
            "s3:PutObject",
          ],
          Resource: [bucketArn, `${bucketArn}/*`],
        },
        {
          Effect: "Allow",
          Action: ["codestar-connections:UseConnection"],
          Resource: connectionArn,
        },
        {
          Effect: "Allow",
          Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
          Resource: "*",
        },
      ],
    }),
  ),
});
const pipeline = new aws.codepipeline.Pipeline("delivery", {
  roleArn: pipelineRole.arn,
  artifactStores: [{ type: "S3", location: artifacts.bucket }],
  stages: [
    {
      name: "Source",
      actions: [
        {
          name: "Source",
          category: "Source",
          owner: "AWS",
          provider: "CodeStarSourceConnection",
          version: "1",
          outputArtifacts: ["source"],
          configuration: {
            ConnectionArn: connection.arn,
            FullRepositoryId: "example/shop",
            BranchName: "main",
          },
        },
      ],
    },
    {
      name: "Build",
      actions: [
        {
          name: "Build",
          category: "Build",
          owner: "AWS",
          provider: "CodeBuild",
          version: "1",
          inputArtifacts: ["source"],
          configuration: { ProjectName: build.name },
        },
      ],
    },
  ],
});

export const pipelineName = pipeline.name;
