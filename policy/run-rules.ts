import { canBeWaived, type Finding, identityOf } from "./finding.ts";
import type { Rule } from "./rule.ts";
import type { Run, UnusedWaiver } from "./run.ts";
import { some } from "./statements.ts";
import { isOf } from "./waivers.ts";

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

/** Reports once what is wrong with the names in the configuration. */
export function configurationRule(take: () => readonly Finding[]): Rule {
  return {
    name: "configuration",
    description: "Each rule and setting in the pack's configuration exists.",
    severity: "high",
    remediationSteps: "Write the name of the rule or the setting as in the table.",
    url: "https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/",
    check: take,
  };
}

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
          description: "The waivers file, absolute or relative. Without it nothing is waived.",
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
      for (const unused of run.unused(resources)) {
        const resource = resources.find((it) => isOf(unused.waiver, it)) ?? stack;
        yield { resource, ...uselessness(unused) };
      }
    },
  };
}

function uselessness({ waiver, instead }: UnusedWaiver): Finding {
  const { rule, type, name, finding } = waiver;
  const what = `waiver of ${rule} for ${type} ${name}, ${finding}`;
  const why = "there is no such finding";
  const current = unique(closest(finding, instead.filter(canBeWaived).map(identityOf)));
  if (current.length > 0) {
    return {
      what,
      why: `${why} now`,
      fix: `Remove the waiver, or review and paste ${some(current.map((it) => `"finding": ${JSON.stringify(it)}`))}`,
    };
  }
  if (instead.length > 0) {
    return {
      what,
      why: "the finding has a secret value, and a waiver cannot name it",
      fix: "Remove the waiver, and the secret from the policy",
    };
  }
  return { what, why, fix: "Remove the waiver, or copy type, name and finding from the message" };
}

/** The findings about the same statement, or else all. */
function closest(finding: string, current: readonly string[]): readonly string[] {
  const [where] = finding.split(": ", 1);
  const same = current.filter((it) => it.split(": ", 1)[0] === where);
  return same.length > 0 ? same : current;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
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
            "The SARIF 2.1.0 file to write, absolute or relative; `SARIF_FILE` takes precedence.",
        },
      },
    },
    check: (_resource, { file }) => run.useSarif(file),
  };
}
