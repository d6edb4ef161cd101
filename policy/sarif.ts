import { ftruncateSync, writeSync } from "node:fs";
import { writeOutputFile } from "./output-file.ts";
import type { Place, Rule } from "./rule.ts";

/** One finding as the SARIF file has it. */
export interface SarifResult {
  readonly rule: string;
  readonly level: "error" | "warning";
  readonly message: string;
  readonly urn: string;
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
  let end = Buffer.byteLength(head);
  const added = new Set<string>();
  const sarif: SarifFile = {
    add(result) {
      const json = JSON.stringify(resultOf(result));
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
    runs: [{ tool: { driver }, results: [] }],
  };
  return JSON.stringify(log).slice(0, -"]}]}".length);
}

function resultOf({ rule, level, message, urn, waived }: SarifResult) {
  return {
    ruleId: rule,
    level,
    message: { text: message },
    locations: [
      {
        // Viewers such as GitHub's want a file; the program is described by this one.
        physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    ...(waived && {
      suppressions: [{ kind: "external", status: "accepted", justification: waived }],
    }),
  };
}
