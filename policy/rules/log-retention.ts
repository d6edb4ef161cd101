import { types } from "../data/resource-types.ts";
import { read, scalarOf } from "../field.ts";
import type { Rule } from "../rule.ts";

/** Logs expire after a chosen time. */
export const logRetention: Rule = {
  name: "log-retention",
  description: "A log group has a retention time.",
  severity: "low",
  remediationSteps: "Set retentionInDays.",
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
  appliesTo: ({ type }) => type === types.logGroup,
  *check({ props }) {
    const days = read(() => props.retentionInDays);
    if (days.isKnown && Number(scalarOf(days)) > 0) return;
    yield {
      what: "retentionInDays",
      why: days.isKnown ? "the events never expire" : "it is not known before deployment",
      fix: "Set the number of days",
    };
  },
};
