/**
 * Condition keys by what they identify, in lower case.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html for
 * `aws:…`; the page of the service in https://docs.aws.amazon.com/service-authorization/latest/reference/
 * for others.
 * Refresh: compare with both when AWS announces a key. A key that is missing here is not trusted as a
 * safeguard, which is the safe side.
 */

/** Keys that every request has, so requiring their presence or accepting any value restricts nothing. */
export const alwaysPresent = new Set([
  "aws:currenttime",
  "aws:epochtime",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principaltype",
  "aws:requestedregion",
  "aws:securetransport",
  "aws:userid",
  "aws:viaawsservice",
]);

/**
 * Keys with several values of which every request that has the key has one, since the call requires them. So
 * ForAllValues restricts them, as AWS's pages use it.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html (Operations)
 * https://docs.aws.amazon.com/OAM/latest/APIReference/API_CreateLink.html (ResourceTypes)
 */
export const requiredLists = new Set(["kms:grantoperations", "oam:resourcetypes"]);

/** Keys that identify the caller. Not `sts:ExternalId`, which is a secret that the caller knows. */
export const callerKeys = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpcarn",
  "aws:sourcevpce",
  "aws:userid",
  "aws:vpceaccount",
  "aws:vpceorgid",
  "kms:calleraccount",
  "lambda:sourcefunctionarn",
  // AWS's way to delegate a bucket's access to the access points of an account.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
]);

/** Keys that restrict the resource, besides resource tags. */
export const resourceKeys = new Set([
  "cloudwatch:namespace",
  "dynamodb:leadingkeys",
  "ec2:createaction",
  "ec2:instanceid",
  "ec2:owner",
  "ec2:subnet",
  "ec2:vpc",
  "ecs:cluster",
  // AWS's way to restrict which service-linked role can be created.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
  "iam:awsservicename",
  "kms:requestalias",
  "kms:resourcealiases",
  "lambda:functionarn",
]);

/** Policy variables about the owner of the resource. All others are about the caller, so they identify nobody. */
export const ownKeys = new Set(["aws:resourceaccount", "aws:resourceorgid"]);

/** Keys that identify on whose behalf a service acts. */
export const sourceKeys = new Set([
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourceowner",
]);
