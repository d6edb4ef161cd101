import type { Finding } from "./finding.ts";
import type { Rule } from "./rule.ts";
import type { Run } from "./run.ts";
import { isOf, type Waiver } from "./waivers.ts";

/**
 * Its findings are reported between the other rules (`Run.reportChanges`), and no waiver can name it.
 */
export const changedFileRule: Rule = {
  name: "changed-file",
  description: "No file that the pack reads changes while the program runs.",
  severity: "critical",
  remediationSteps: "Remove the code that writes the grants file or the waivers file.",
  url: "https://www.pulumi.com/docs/insights/policy/policy-packs/",
  check: () => [],
};

/** Uses the waivers before any rule reports, and says which of them are wrong. */
export function waiversRule(run: Run): Rule {
  return {
    name: "waivers",
    description: "Each waiver has one finding, a reason, an owner and an expiry date.",
    severity: "high",
    remediationSteps: "Fix the entry of the waivers file.",
    url: "https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/",
    configSchema: {
      properties: {
        file: {
          type: "string",
          description:
            "The waivers file, absolute or relative to the pack's folder. Without it nothing is waived.",
        },
      },
    },
    inputFiles: ["file"],
    check: (_resource, { file }) => run.useWaivers(file),
  };
}

/** Says which waivers are of no use, when every other rule has reported. */
export function unusedWaiverRule(run: Run): Rule {
  return {
    name: "unused-waiver",
    description: "Each waiver matches a finding.",
    severity: "medium",
    remediationSteps: "Remove the waiver: its finding is gone.",
    url: "https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/",
    *checkStack(resources) {
      const [stack] = resources;
      if (!stack) return;
      for (const waiver of run.unused(resources)) {
        const resource = resources.find((it) => isOf(waiver, it)) ?? stack;
        yield { resource, ...uselessness(waiver) };
      }
    },
  };
}

function uselessness(waiver: Waiver): Finding {
  const { rule, type, name, finding } = waiver;
  return {
    what: `waiver of ${rule} for ${type} ${name}, ${finding}`,
    why: "there is no such finding",
    fix: "Remove the waiver, or copy type, name and finding from the message",
  };
}

/** Starts the SARIF file before any rule reports. */
export function sarifRule(run: Run): Rule {
  return {
    name: "sarif",
    description: "Every finding is also in the SARIF file, if one is configured.",
    severity: "medium",
    remediationSteps: "Set a path that can be written.",
    url: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html",
    configSchema: {
      properties: {
        file: {
          type: "string",
          description:
            "The SARIF 2.1.0 file to write, absolute or relative to the pack's folder; `SARIF_FILE` takes precedence.",
        },
      },
    },
    check: (_resource, { file }) => run.useSarif(file),
  };
}
