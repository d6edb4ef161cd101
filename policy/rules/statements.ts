import type { Statement } from "../document.ts";
import { type IamResource, identityDocuments } from "../resources.ts";

export interface LocatedStatement {
  readonly property: string;
  readonly label: string;
  readonly statement: Statement;
}

/**
 * Every allowing statement of a resource's identity documents. Documents that are unknown or
 * malformed have none: the rule `unknown-document` reports those.
 */
export function allowingStatements(resource: IamResource): LocatedStatement[] {
  return identityDocuments(resource).flatMap(({ property, document }) =>
    document.kind === "statements"
      ? document.statements
          .filter(({ isAllow }) => isAllow)
          .map((statement) => ({ property, label: statement.label, statement }))
      : [],
  );
}
