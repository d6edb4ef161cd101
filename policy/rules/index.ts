import type { Rule } from "../rule.ts";
import { awsManagedPolicy } from "./aws-managed-policy.ts";
import { broadArn } from "./broad-arn.ts";
import { chatGuardrail } from "./chat-guardrail.ts";
import { confusedDeputy } from "./confused-deputy.ts";
import { encryptedVolume } from "./encrypted-volume.ts";
import { foreignArn } from "./foreign-arn.ts";
import { foreignPermission } from "./foreign-permission.ts";
import { grantsFile } from "./grants-file.ts";
import { imdsV2 } from "./imds-v2.ts";
import { logRetention } from "./log-retention.ts";
import { missingGrant } from "./missing-grant.ts";
import { notAction } from "./not-action.ts";
import { notPrincipal } from "./not-principal.ts";
import { notResource } from "./not-resource.ts";
import { oidcSubject } from "./oidc-subject.ts";
import { openSsh } from "./open-ssh.ts";
import { passRole } from "./pass-role.ts";
import { privilegeEscalation } from "./privilege-escalation.ts";
import { publicFunctionUrl } from "./public-function-url.ts";
import { publicResourcePolicy } from "./public-resource-policy.ts";
import { redundantGrant } from "./redundant-grant.ts";
import { resourceTypeMismatch } from "./resource-type-mismatch.ts";
import { starAction } from "./star-action.ts";
import { starResource } from "./star-resource.ts";
import { trustPrincipal } from "./trust-principal.ts";
import { unknownAction } from "./unknown-action.ts";
import { unknownConditionKey } from "./unknown-condition-key.ts";
import { unknownDocument } from "./unknown-document.ts";
import { unusedGrant } from "./unused-grant.ts";
import { unusedRole } from "./unused-role.ts";
import { vacuousCondition } from "./vacuous-condition.ts";

/** Every rule of the pack. One rule is one file. */
export const rules: readonly Rule[] = [
  starAction,
  starResource,
  broadArn,
  notAction,
  notResource,
  notPrincipal,
  awsManagedPolicy,
  privilegeEscalation,
  passRole,
  trustPrincipal,
  confusedDeputy,
  oidcSubject,
  publicResourcePolicy,
  publicFunctionUrl,
  chatGuardrail,
  unknownAction,
  unknownConditionKey,
  vacuousCondition,
  resourceTypeMismatch,
  unknownDocument,
  unusedGrant,
  missingGrant,
  redundantGrant,
  foreignArn,
  foreignPermission,
  unusedRole,
  grantsFile,
  imdsV2,
  encryptedVolume,
  openSsh,
  logRetention,
];
