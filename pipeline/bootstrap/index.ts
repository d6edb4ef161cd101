import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../../infra/grants.ts";
import { boundaryGrants } from "./grants/boundary.ts";
import { tagReadGrants, tagWriteGrants } from "./grants/default-tags.ts";
import { readGrants, readOptionsGrants } from "./grants/read.ts";
import { serverGrants } from "./grants/server.ts";
import { readStateGrants, writeStateGrants } from "./grants/state.ts";
import { writeGrants } from "./grants/write.ts";
import { namesOf } from "./names.ts";
import { boundaryDocument } from "./option-role.ts";
import { optionsOf } from "./options.ts";
import { PipelineRole } from "./pipeline-role.ts";
import { readSettings, repositoryIn } from "./settings.ts";
import { StateStore } from "./state.ts";

const settings = readSettings();
const { subjectPrefix, branch, environment } = settings;
const ref = `refs/heads/${branch}`;
// A repository that is created again under the same name has another id.
const ofRepository = { repository_id: settings.repositoryId };
const names = namesOf(settings);

const state = new StateStore("state", names);

const ownProvider = settings.oidcProviderArn
  ? []
  : [
      new aws.iam.OpenIdConnectProvider("github", {
        url: "https://token.actions.githubusercontent.com",
        clientIdLists: ["sts.amazonaws.com"],
      }),
    ];
const oidcProviderArn = settings.oidcProviderArn ?? names.oidcProvider;

const options = optionsOf(names, settings);

const boundary = new aws.iam.Policy("boundary", {
  name: `${names.prefix}boundary`,
  description: `The most that the roles of ${names.prefix}* may do`,
  policy: policyDocument(boundaryGrants(names, settings)),
});

for (const role of options.flatMap((it) => it.role ?? [])) {
  new aws.iam.Policy(`boundary-${role.logicalName}`, {
    name: role.boundaryName,
    description: `The most that ${names.prefix}${role.logicalName} may do`,
    policy: boundaryDocument(role),
  });
}

// Managed policies, since the inline policies of a role have at most 10,240 characters together:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const read = new aws.iam.Policy("read", {
  name: `${names.prefix}read`,
  description: `What a preview of ${names.prefix}* reads`,
  policy: policyDocument([
    ...readGrants(names),
    ...(settings.defaultTags ? tagReadGrants(names) : []),
  ]),
});

const server =
  names.existingInstances.length > 0
    ? undefined
    : new aws.iam.Policy("server", {
        name: `${names.prefix}server`,
        description: `What creates and changes the instance of ${names.prefix}*`,
        policy: policyDocument(serverGrants(names)),
      });

const tags = settings.defaultTags
  ? new aws.iam.Policy("tags", {
      name: `${names.prefix}tags`,
      description: `What gives default tags to ${names.prefix}*`,
      policy: policyDocument(tagWriteGrants(names, options)),
    })
  : undefined;

const readOptions =
  options.length > 0
    ? new aws.iam.Policy("read-options", {
        name: `${names.prefix}read-options`,
        description: `What a preview of the options of ${names.prefix}* reads`,
        policy: policyDocument(readOptionsGrants(options)),
      })
    : undefined;

// One for each target; a role has at most ten managed policies.
const changeTargets = Object.fromEntries(
  options
    .filter(({ role }) => role)
    .map(({ name, write }) => [
      name,
      new aws.iam.Policy(name, {
        name: `${names.prefix}${name}`,
        description: `What creates and changes ${name} of ${names.prefix}*`,
        policy: policyDocument(write),
      }).arn,
    ]),
);

const reading = { read: read.arn, ...(readOptions && { "read-options": readOptions.arn }) };

const preview = new PipelineRole(
  "preview",
  {
    roleName: `${names.prefix}preview`,
    description: "Previews of pull requests, and the drift check: read-only",
    oidcProviderArn,
    claims: {
      sub: [`${subjectPrefix}:pull_request`, `${subjectPrefix}:ref:${ref}`],
      ...ofRepository,
    },
    policies: reading,
    grants: readStateGrants(state, settings),
  },
  { dependsOn: ownProvider },
);

const deploy = new PipelineRole(
  "deploy",
  {
    roleName: `${names.prefix}deploy`,
    description: "Deployments behind the environment: what the program has, and no more",
    oidcProviderArn,
    // The environment's own rules are GitHub's to check, and anyone who can push can add a job that names an
    // environment without rules. So the branch and the workflow's file on it are demanded here as well.
    claims: {
      sub: `${subjectPrefix}:environment:${environment}`,
      ref,
      job_workflow_ref: `${repositoryIn(subjectPrefix)}/.github/workflows/up.yml@${ref}`,
      ...ofRepository,
    },
    policies: {
      ...reading,
      ...changeTargets,
      ...(server && { server: server.arn }),
      ...(tags && { tags: tags.arn }),
    },
    grants: [
      ...writeGrants(names),
      ...options.filter(({ role }) => !role).flatMap(({ write }) => write),
      ...readStateGrants(state, settings),
      ...writeStateGrants(state, settings),
    ],
  },
  { dependsOn: ownProvider },
);

const region = aws.getRegionOutput().region;

/** What to set in GitHub: `gh variable set NAME --body VALUE`. */
export const variables = {
  AWS_REGION: region,
  AWS_PREVIEW_ROLE: preview.arn,
  AWS_DEPLOY_ROLE: deploy.arn,
  PULUMI_BACKEND_URL: pulumi.interpolate`s3://${state.bucketName}?region=${region}`,
};
export const secretsProvider = pulumi.interpolate`awskms://${state.keyAlias}?region=${region}`;
export const permissionsBoundary = boundary.arn;
