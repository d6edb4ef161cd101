import { type Fields, isFields } from "../field.ts";
import { UsageError } from "./usage-error.ts";

/** A finding as the SARIF file has it. */
export interface ReportedFinding {
  /** See `findingId`. */
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly level: "mandatory" | "advisory";
  readonly message: string;
  readonly resource: { readonly type: string; readonly name: string; readonly urn: string };
  /** What a waiver has as its `finding`. */
  readonly finding: string;
  readonly canBeWaived: boolean;
  /** The reason of the waiver that excuses it. */
  readonly waived: string | undefined;
  /** Where the program creates the resource, e.g. `index.ts:12`, if that is known. */
  readonly place: string | undefined;
  /** Statements to write instead. */
  readonly replacement: readonly unknown[];
  /** The edits that write them. */
  readonly edits: readonly ReportedEdit[];
}

export interface ReportedEdit {
  /** What to replace, e.g. `index.ts:12:5-14:6`. */
  readonly place: string;
  readonly text: string;
}

export const sarifOfPack = "a SARIF file of this pack";

/** Reads the JSON of a SARIF file that the pack wrote. Throws a UsageError if it is anything else. */
export function readFindings(sarif: unknown, name: string): readonly ReportedFinding[] {
  const [run] = listIn(sarif, "runs");
  const driver = fieldsIn(fieldsIn(run, "tool"), "driver");
  if (driver.name !== "least-privilege-iam" || !isFields(run) || !Array.isArray(run.results)) {
    throw new UsageError(`${name} is something else: expected ${sarifOfPack}`);
  }
  return run.results.map((it, index) => findingIn(it, `${name}: result ${index + 1}`));
}

function findingIn(result: unknown, name: string): ReportedFinding {
  const fingerprints = fieldsIn(result, "partialFingerprints");
  const properties = fieldsIn(result, "properties");
  const resource = fieldsIn(properties, "resource");
  const [location] = listIn(result, "locations");
  const [suppression] = listIn(result, "suppressions");
  const string = (value: unknown, member: string): string => {
    if (typeof value === "string") return value;
    throw new UsageError(`${name} has no ${member}: expected ${sarifOfPack}`);
  };
  const level = string(properties.enforcementLevel, "properties.enforcementLevel");
  return {
    id: string(fingerprints.primaryLocationLineHash, "primaryLocationLineHash").replace(/:1$/, ""),
    rule: string(isFields(result) ? result.ruleId : undefined, "ruleId"),
    severity: string(properties.severity, "properties.severity"),
    level: level === "advisory" ? "advisory" : "mandatory",
    message: string(fieldsIn(result, "message").text, "message.text"),
    resource: {
      type: string(resource.type, "properties.resource.type"),
      name: string(resource.name, "properties.resource.name"),
      urn: string(resource.urn, "properties.resource.urn"),
    },
    finding: string(fingerprints["finding/v1"], "partialFingerprints.finding/v1"),
    canBeWaived: properties.canBeWaived === true,
    waived: isFields(suppression) ? String(suppression.justification ?? "") : undefined,
    place: placeOf(fieldsIn(location, "physicalLocation")),
    replacement: listIn(properties, "replacement"),
    edits: listIn(result, "fixes").flatMap((fix) =>
      listIn(fix, "artifactChanges").flatMap((change) =>
        listIn(change, "replacements").map((it) => ({
          place: `${pathOf(change)}:${rangeOf(fieldsIn(it, "deletedRegion"))}`,
          text: String(fieldsIn(it, "insertedContent").text ?? ""),
        })),
      ),
    ),
  };
}

/** The pack names the project file where it does not know the place. */
function placeOf(location: Fields): string | undefined {
  const path = pathOf(location);
  const line = fieldsIn(location, "region").startLine ?? 1;
  const isKnown = path !== "" && !(line === 1 && /(^|\/)Pulumi\.(ya?ml|json)$/.test(path));
  return isKnown ? `${path}:${line}` : undefined;
}

function pathOf(value: unknown): string {
  const { uri } = fieldsIn(value, "artifactLocation");
  try {
    return decodeURIComponent(String(uri ?? ""));
  } catch {
    return String(uri);
  }
}

function rangeOf({ startLine, startColumn, endLine, endColumn }: Fields): string {
  return `${startLine}:${startColumn}-${endLine}:${endColumn}`;
}

function fieldsIn(value: unknown, member: string): Fields {
  const its = isFields(value) ? value[member] : undefined;
  return isFields(its) ? its : {};
}

function listIn(value: unknown, member: string): readonly unknown[] {
  const its = isFields(value) ? value[member] : undefined;
  return Array.isArray(its) ? its : [];
}
