import { ftruncateSync, writeSync } from "node:fs";
import { type Finding, findingId } from "./finding.ts";
import { writeOutputFile } from "./output-file.ts";
import type { Place, Rule } from "./rule.ts";
import type { ConstructorCall } from "./source/constructor-call.ts";
import { createLocator, type Locator } from "./source/locator.ts";

/** One finding as the SARIF file has it. */
export interface SarifResult {
  readonly rule: Pick<Rule, "name" | "severity">;
  /** What the engine does about it. */
  readonly enforcementLevel: "mandatory" | "advisory";
  readonly message: string;
  readonly resource: { readonly type: string; readonly name: string; readonly urn: string };
  /** The components around the resource, from the inside. */
  readonly components: readonly { readonly type: string; readonly name: string }[];
  readonly suggestion: Pick<Finding, "replacement" | "replaced">;
  /** What a waiver has as its `finding`. */
  readonly identity: string;
  /** True if a waiver with this rule, type, name and identity would excuse it. */
  readonly canBeWaived: boolean;
  /** Why the finding is accepted, where a waiver holds. */
  readonly waived?: string | undefined;
}

export interface SarifFile {
  /** Adds a finding, once. Throws where it cannot be written; the file then stays as it was. */
  add(result: SarifResult): void;
}

const tail = "]}]}\n";

/**
 * Starts a SARIF 2.1.0 file that is whole at any time, since the engine ends a policy pack without
 * notice: each finding is written over the closing brackets. A problem is the end of a sentence.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function startSarif(
  path: string,
  {
    version,
    rules,
    ...place
  }: Place & { readonly version: string; readonly rules: readonly Rule[] },
): { readonly sarif: SarifFile } | { readonly problem: string } {
  const head = headOf(version, rules);
  const written = writeOutputFile(path, head + tail, place);
  if ("problem" in written) return written;
  const { file } = written;
  const locator = createLocator(place);
  let end = Buffer.byteLength(head);
  const added = new Set<string>();
  const sarif: SarifFile = {
    add(result) {
      const json = JSON.stringify(resultOf(result, locator));
      if (added.has(json)) return;
      const text = `${added.size > 0 ? "," : ""}\n${json}`;
      try {
        writeAll(file, text + tail, end);
      } catch (error) {
        // On a full disk, what was there before still fits.
        writeAll(file, tail, end);
        ftruncateSync(file, end + tail.length);
        throw error;
      }
      end += Buffer.byteLength(text);
      added.add(json);
    },
  };
  return { sarif };
}

/** One call may write a part only. */
function writeAll(file: number, text: string, position: number): void {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
  }
}

function headOf(version: string, rules: readonly Rule[]): string {
  const driver = {
    name: "least-privilege-iam",
    version,
    rules: rules.map(({ name, description, remediationSteps, url }) => ({
      id: name,
      shortDescription: { text: description },
      help: { text: remediationSteps },
      helpUri: url,
    })),
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results: [] }],
  };
  return JSON.stringify(log).slice(0, -"]}]}".length);
}

function resultOf(result: SarifResult, locator: Locator) {
  const { rule, enforcementLevel, message, resource, identity, canBeWaived, waived } = result;
  const { components, suggestion } = result;
  const { type, name, urn } = resource;
  const source = locator.locate([resource, ...components]);
  const physicalLocation = source
    ? { artifactLocation: { uri: uriOf(source.file.path) }, region: lineOf(source) }
    : // Viewers such as GitHub's want a file; the program is described by this one.
      { artifactLocation: { uri: uriOf(locator.projectFile) }, region: { startLine: 1 } };
  const { replacement, replaced } = suggestion;
  const fix = replacement && replaced && locator.editsFor(replaced, replacement);
  return {
    ruleId: rule.name,
    level: enforcementLevel === "advisory" ? "warning" : "error",
    message: { text: message },
    locations: [
      {
        physicalLocation,
        logicalLocations: [{ name, fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    partialFingerprints: {
      "finding/v1": identity,
      // GitHub recognizes an alert by this one. Its upload action otherwise computes it from the line, which findings share.
      // https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
      primaryLocationLineHash: `${findingId(rule.name, urn, identity)}:1`,
    },
    ...(fix && { fixes: [fixOf(fix)] }),
    ...(waived && {
      suppressions: [{ kind: "external", status: "accepted", justification: waived }],
    }),
    properties: {
      resource: { type, name, urn },
      enforcementLevel,
      severity: rule.severity,
      canBeWaived,
      ...(replacement && { replacement }),
    },
  };
}

function fixOf({ file, edits }: NonNullable<ReturnType<Locator["editsFor"]>>) {
  const replacements = edits.map(({ start, end, text }) => ({
    deletedRegion: { ...startOf(file.text, start), ...endOf(file.text, end) },
    insertedContent: { text },
  }));
  return {
    description: { text: "Replace the statement." },
    artifactChanges: [{ artifactLocation: { uri: uriOf(file.path) }, replacements }],
  };
}

function lineOf({ file, start }: ConstructorCall) {
  return { startLine: positionOf(file.text, start).line };
}

function startOf(text: string, index: number) {
  const { line, column } = positionOf(text, index);
  return { startLine: line, startColumn: column };
}

/** The column after the last character. */
function endOf(text: string, index: number) {
  const { line, column } = positionOf(text, index);
  return { endLine: line, endColumn: column };
}

/** Both from 1; lines end as in the standard: 3.30.1. */
function positionOf(text: string, index: number) {
  const lines = text.slice(0, index).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** A relative reference. */
function uriOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
