import { isSet, memberOf, read, textOf } from "../field.ts";
import { isOfTemplate, types } from "../resources.ts";
import type { Rule } from "../rule.ts";

const instanceTypes: readonly string[] = [
  types.instance,
  types.launchTemplate,
  types.launchConfiguration,
];

/** With version 1, a web server that can be made to fetch an address gives its role away. */
export const imdsV2: Rule = {
  name: "imds-v2",
  description: "An instance takes version 2 of the metadata service only.",
  severity: "high",
  remediationSteps: 'Set metadataOptions: { httpTokens: "required" }.',
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
  appliesTo: ({ type }) => instanceTypes.includes(type),
  *check({ props }) {
    const options = read(() => props.metadataOptions);
    const tokens = memberOf(options, "httpTokens");
    if (textOf(tokens) === "required") return;
    if (textOf(memberOf(options, "httpEndpoint")) === "disabled") return;
    if (isOfTemplate(props) && !isSet(options)) return;
    const { isKnown } = tokens;
    yield {
      what: "metadataOptions.httpTokens",
      why: isKnown
        ? "version 1 of the metadata service answers, too"
        : "it is not known before deployment",
      fix: 'Set it to "required"',
    };
  },
};
