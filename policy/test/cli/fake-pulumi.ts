import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the pretended preview does. */
export interface FakePreview {
  /** The lines of the event log; without them there is no log. */
  readonly events?: readonly (object | string)[];
  /** What is in the SARIF file; without it there is none. */
  readonly sarif?: object | string;
  readonly prints?: string;
  /** The exit code, or the signal that ends it. */
  readonly ends?: number | "SIGKILL";
  /** Sends the command that started it this signal, and waits. */
  readonly endsCaller?: "SIGTERM";
  /** Creates this file in the working folder. */
  readonly creates?: string;
}

/** How the command was called. */
export interface FakeCall {
  readonly args: readonly string[];
  readonly folder: string;
  readonly debugCommands: string;
  readonly configuration: unknown;
  readonly privateFolder: string;
  readonly mode: string;
}

const script = `#!${process.execPath}
const { existsSync, readFileSync, statSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const args = process.argv.slice(2);
const valueOf = (option) => args[args.indexOf(option) + 1];
const { SARIF_FILE: sarif, PULUMI_DEBUG_COMMANDS: debugCommands } = process.env;
const plan = JSON.parse(readFileSync(join(__dirname, "plan.json"), "utf8"));
const configuration = JSON.parse(readFileSync(valueOf("--policy-pack-config"), "utf8"));
const privateFolder = dirname(sarif);
const mode = (statSync(privateFolder).mode & 0o777).toString(8);
writeFileSync(join(__dirname, "call.json"), JSON.stringify({
  args: args.map((it) => it.replace(privateFolder, "PRIVATE")), folder: process.cwd(), debugCommands, configuration, privateFolder, mode,
}));
const text = (it) => (typeof it === "string" ? it : JSON.stringify(it));
if (plan.events) writeFileSync(valueOf("--event-log"), plan.events.map(text).join("\\n"));
if (plan.sarif !== undefined) writeFileSync(sarif, text(plan.sarif));
if (plan.creates) writeFileSync(plan.creates, "[]");
process.stdout.write(plan.prints ?? "", () => {
  if (plan.endsCaller) {
    setTimeout(() => {}, 60_000);
    process.kill(process.ppid, plan.endsCaller);
    return;
  }
  if (typeof plan.ends === "string") process.kill(process.pid, plan.ends);
  else process.exit(plan.ends ?? 0);
});
`;

/** A command named pulumi in a folder, for the PATH. */
export function createFakePulumi(folder: string) {
  mkdirSync(folder, { recursive: true });
  const command = join(folder, "pulumi");
  writeFileSync(command, script);
  chmodSync(command, 0o755);
  const call = join(folder, "call.json");
  return {
    path: folder,
    plan(preview: FakePreview): void {
      rmSync(call, { force: true });
      writeFileSync(join(folder, "plan.json"), JSON.stringify(preview));
    },
    /** Its last call, if there was one. */
    call: (): FakeCall | undefined =>
      existsSync(call) ? JSON.parse(readFileSync(call, "utf8")) : undefined,
  };
}

/** A finding of the pretended preview. */
export interface FakeFinding {
  readonly rule?: string;
  readonly severity?: string;
  readonly level?: "mandatory" | "advisory";
  readonly name?: string;
  readonly finding?: string;
  readonly canBeWaived?: boolean;
  /** The reason of a waiver. */
  readonly waived?: string;
  /** A part of the URN. */
  readonly parents?: string;
}

const type = "aws:iam/rolePolicy:RolePolicy";

/** A SARIF file as the pack writes it. */
export function sarifOf(...findings: readonly FakeFinding[]): object {
  const results = findings.map(
    ({
      rule = "star-resource",
      severity = "high",
      level = "mandatory",
      name = "it",
      finding = "policy: Resource *",
      canBeWaived = true,
      waived,
      parents = "",
    }) => ({
      ruleId: rule,
      level: level === "mandatory" ? "error" : "warning",
      message: { text: messageOf({ name, finding }) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "Pulumi.yaml" },
            region: { startLine: 1 },
          },
        },
      ],
      partialFingerprints: {
        "finding/v1": finding,
        primaryLocationLineHash: `${digitsOf([rule, name, finding, parents])}:1`,
      },
      ...(waived && { suppressions: [{ kind: "external", justification: waived }] }),
      properties: {
        resource: { type, name, urn: `urn:pulumi:dev::shop::${parents}${type}::${name}` },
        enforcementLevel: level,
        severity,
        canBeWaived,
      },
    }),
  );
  return { runs: [{ tool: { driver: { name: "least-privilege-iam" } }, results }] };
}

function messageOf({ name = "it", finding = "policy: Resource *" }: FakeFinding): string {
  return `${name}: ${finding}: too much. Fix it.`;
}

/** Twenty digits that differ for each finding. */
function digitsOf(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 20);
}

/** The event of a mandatory finding. */
export function policyEvent(finding: FakeFinding, pack = "least-privilege-iam"): object {
  return {
    policyEvent: {
      resourceUrn: "urn:pulumi:dev::shop::t::n",
      message: `<{%fg 13%}>${messageOf(finding)}<{%reset%}>\n`,
      policyName: finding.rule ?? "star-resource",
      policyPackName: pack,
      enforcementLevel: "mandatory",
    },
  };
}

export const stackIsChecked = {
  policyAnalyzeStackSummaryEvent: { policyPackName: "least-privilege-iam" },
};
export const failedPreview = {
  diagnosticEvent: { severity: "error", message: "<{%reset%}>preview failed<{%reset%}>\n" },
};
export const summaryOf = (result: string): object => ({ summaryEvent: { result } });

/** The events of a preview that fails for these findings. */
export function failedFor(...findings: readonly FakeFinding[]): readonly object[] {
  const events = findings.map((it) => policyEvent(it));
  return [...events, stackIsChecked, failedPreview, summaryOf("failed"), { cancelEvent: {} }];
}

/** A preview that reports these findings and nothing else. */
export function previewWith(...findings: readonly FakeFinding[]): FakePreview {
  const failing = findings.filter((it) => it.level !== "advisory" && it.waived === undefined);
  const events =
    failing.length > 0 ? failedFor(...failing) : [stackIsChecked, summaryOf("succeeded")];
  return { sarif: sarifOf(...findings), events, ends: failing.length > 0 ? 1 : 0 };
}
