import { managedPolicies } from "../data/managed-policy-contents.ts";
import { ownValue } from "../field.ts";
import { readGrants } from "../iam/document.ts";
import type { LocatedStatement } from "../statements.ts";

/** The statements of an AWS managed policy with this ARN, if the pack knows what it allows. */
export function managedStatements(arn: string): LocatedStatement[] | undefined {
  const name = /^arn:aws[\w-]*:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  const grants = name === undefined ? undefined : ownValue(managedPolicies, name);
  if (!grants) return undefined;
  const document = readGrants(() => grants);
  if (document.kind !== "statements") return undefined;
  return document.statements.map((it, index) => ({
    ...it,
    index,
    count: document.statements.length,
    where: `policy ${arn}`,
    property: "policyArn",
    kind: "identity",
    sources: [],
  }));
}
