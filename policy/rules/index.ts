import type { Policies } from "@pulumi/policy";
import { awsManagedPolicy } from "./aws-managed-policy.ts";
import { starAction } from "./star-action.ts";
import { starResource } from "./star-resource.ts";
import { trustPrincipal } from "./trust-principal.ts";
import { unknownDocument } from "./unknown-document.ts";

/** Every rule of the pack. One rule is one file. */
export const rules: Policies = [
  starAction,
  starResource,
  awsManagedPolicy,
  trustPrincipal,
  unknownDocument,
];
