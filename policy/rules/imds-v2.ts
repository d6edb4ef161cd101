import { types } from "../data/resource-types.ts";
import { isSet, memberOf, read, stringOf } from "../field.ts";
import { isOfTemplate } from "../resources.ts";
import type { Rule } from "../rule.ts";

const instanceTypes: readonly string[] = [
  types.instance,
  types.launchTemplate,
  types.launchConfiguration,
];

/** With IMDSv1, a server-side request forgery exposes the credentials of the instance's role. */
export const imdsV2: Rule = {
  name: "imds-v2",
  description: "An instance requires version 2 of the metadata service (IMDSv2).",
  severity: "high",
  remediationSteps: 'Set metadataOptions: { httpTokens: "required" }.',
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
  appliesTo: ({ type }) => instanceTypes.includes(type),
  *check({ props }) {
    const options = read(() => props.metadataOptions);
    const tokens = memberOf(options, "httpTokens");
    if (stringOf(tokens) === "required") return;
    if (stringOf(memberOf(options, "httpEndpoint")) === "disabled") return;
    if (isOfTemplate(props) && !isSet(options)) return;
    const { isKnown } = tokens;
    yield {
      what: "metadataOptions.httpTokens",
      why: isKnown ? "IMDSv1 is enabled" : "it is not known before deployment",
      fix: 'Set it to "required"',
    };
  },
};
