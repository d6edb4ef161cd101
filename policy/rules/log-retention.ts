import { read, scalarOf } from "../field.ts";
import { types } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** Logs are kept for a time that somebody chose, not for ever. */
export const logRetention: Rule = {
  name: "log-retention",
  description: "A log group says how long it keeps its events.",
  severity: "low",
  remediationSteps: "Set retentionInDays.",
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
  appliesTo: ({ type }) => type === types.logGroup,
  *check({ props }) {
    const days = read(() => props.retentionInDays);
    if (days.isKnown && Number(scalarOf(days)) > 0) return;
    yield {
      what: "retentionInDays",
      why: days.isKnown ? "the events are kept for ever" : "it is not known before deployment",
      fix: "Set the number of days",
    };
  },
};
