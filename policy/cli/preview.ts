import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PreviewEvents, readPreviewEvents } from "./preview-events.ts";
import { runPulumi } from "./pulumi.ts";
import { type ReportedFinding, readFindings } from "./sarif-file.ts";
import { printable, type Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What a whole preview reported. */
export interface Preview {
  /** The findings of this pack, also advisory and waived ones. */
  readonly findings: readonly ReportedFinding[];
  /** The mandatory findings of other packs, which the organization requires. */
  readonly ofOtherPacks: PreviewEvents["ofOtherPacks"];
}

export interface PreviewOptions {
  /** The path of the pack. */
  readonly pack: string;
  /** The configuration of the pack, as its file has it. */
  readonly configuration: object;
  /** More arguments of `pulumi preview`. */
  readonly args: readonly string[];
}

/** Success, an error, and the code that Pulumi reserves for findings: `ExitPolicyViolation`. */
const endedByItself = [0, 1, 5];

/**
 * Runs `pulumi preview` with the pack. Throws a UsageError, after it has printed what Pulumi printed, unless the preview
 * is whole: the program ended, every rule has checked the stack, and nothing failed but findings.
 *
 * The engine checks the whole stack also if rules of single resources have failed the preview: only an update stops at an invalid
 * resource (`analyzeResource` in analyze_snapshot.go and `Execute` in deployment_executor.go of
 * https://github.com/pulumi/pulumi/tree/master/pkg/resource/deploy).
 */
export async function runPreview(options: PreviewOptions, terminal: Terminal): Promise<Preview> {
  // Only this user can read it: the events of a preview may have secrets.
  const folder = mkdtempSync(join(tmpdir(), "least-privilege-iam-"));
  try {
    const [config, events, sarif] = ["config.json", "events.json", "findings.sarif"].map((it) =>
      join(folder, it),
    ) as [string, string, string];
    writeFileSync(config, JSON.stringify(options.configuration));
    const ended = await runPulumi(
      [
        ...["preview", "--non-interactive", "--color", "never", "--suppress-progress"],
        ...["--policy-pack", options.pack, "--policy-pack-config", config, "--event-log", events],
        ...options.args,
      ],
      // The CLI has the option for events only with the last of these variables.
      { SARIF_FILE: sarif, WRITE_GRANTS_FILE: undefined, PULUMI_DEBUG_COMMANDS: "true" },
      terminal,
    );
    try {
      if (!endedByItself.includes(ended.code)) throw new UsageError(`it ended with ${ended.end}`);
      const read = readPreviewEvents(contentOf(events));
      if (read.isFailed !== (ended.code !== 0)) {
        throw new UsageError(`its events do not fit its exit code ${ended.code}`);
      }
      const findings = readFindings(parsedSarif(contentOf(sarif)), "its SARIF file");
      checkAllAreThere(read.ofThisPack, findings);
      return { findings, ofOtherPacks: read.ofOtherPacks };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      terminal.errors.write(printable(ended.output));
      throw new UsageError(`the preview is not whole: ${error.message}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that does not exist is empty: the preview ended before it. */
function contentOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function parsedSarif(json: string): unknown {
  if (json === "") {
    throw new UsageError("the pack wrote no SARIF file: expected the rule sarif to be enabled");
  }
  try {
    return JSON.parse(json);
  } catch {
    throw new UsageError("its SARIF file is not whole");
  }
}

/** The SARIF file lacks nothing that failed the preview. The engine may hide secrets in messages, so they are only counted. */
function checkAllAreThere(
  events: PreviewEvents["ofThisPack"],
  findings: readonly ReportedFinding[],
): void {
  for (const rule of new Set(events.map((it) => it.rule))) {
    const failed = new Set(events.filter((it) => it.rule === rule).map(({ message }) => message));
    const reported = findings.filter((it) => it.rule === rule && it.level === "mandatory");
    if (reported.length < failed.size) {
      throw new UsageError(
        `${failed.size} findings of ${rule} failed it, but its SARIF file has ${reported.length}`,
      );
    }
  }
}
