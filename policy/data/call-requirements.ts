/**
 * What every call of an action requires of the caller besides the action itself.
 *
 * Source: AWS's page, linked in each entry.
 * Refresh: compare each entry with its page. test/stack/requirements.spec.ts checks that every action and
 * resource type exists.
 */

import type { Requirement } from "./requirements.ts";

const readsSecret: Requirement = {
  why: "reads the secret of the database",
  required: ["secretsmanager:GetSecretValue"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html",
};

const findsEndpoint: Requirement = {
  why: "asks for the endpoint first",
  required: ["timestream:DescribeEndpoints"],
  url: "https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.html",
};

/** Action → what each call of it requires. */
export const callRequirements: Readonly<Record<string, Requirement>> = {
  "rds-data:BatchExecuteStatement": readsSecret,
  "rds-data:BeginTransaction": readsSecret,
  "rds-data:CommitTransaction": readsSecret,
  "rds-data:ExecuteStatement": readsSecret,
  "rds-data:RollbackTransaction": readsSecret,
  "timestream:Select": findsEndpoint,
  "timestream:WriteRecords": findsEndpoint,
};

/**
 * Action → resource types of which each call needs a resource besides the one in its input. The Service
 * Authorization Reference marks types as required, but not which of them are alternatives.
 */
export const requiredTypes: Readonly<
  Record<string, { readonly type: string; readonly url: string }>
> = {
  "ssm:SendCommand": {
    type: "document",
    url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html",
  },
};

/**
 * Services whose calls accept a name, or an alias, where the ARNs of their resources have an id that AWS
 * generates.
 * https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 * https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_GetConfiguration.html
 * https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetInstance.html
 */
export const acceptNamesForIds: readonly string[] = ["appconfig", "kms", "lightsail"];
