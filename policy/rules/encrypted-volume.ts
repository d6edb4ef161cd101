import { types } from "../data/resource-types.ts";
import {
  type Field,
  type Fields,
  isSet,
  memberOf,
  ownValue,
  read,
  readList,
  scalarOf,
} from "../field.ts";
import { isOfTemplate, type Resource } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** The disks of a resource: the path of each, and whether it is encrypted. */
const disks: Readonly<
  Record<string, (props: Fields) => readonly (readonly [string, Field<unknown>])[]>
> = {
  [types.volume]: (props) => [["encrypted", read(() => props.encrypted)]],
  [types.instance]: ofInstance,
  [types.launchConfiguration]: ofInstance,
  [types.launchTemplate]: ofTemplate,
};

/** A copy of an encrypted disk is useless without the key. */
export const encryptedVolume: Rule = {
  name: "encrypted-volume",
  description: "Each volume is encrypted.",
  severity: "medium",
  remediationSteps: "Set encrypted: true on the root device and on every other device.",
  url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
  appliesTo: ({ type }) => ownValue(disks, type) !== undefined,
  *check({ type, props }: Resource) {
    for (const [what, encrypted] of ownValue(disks, type)?.(props) ?? []) {
      if (scalarOf(encrypted) === "true") continue;
      const why = encrypted.isKnown
        ? "it is not true, so the disk is not encrypted"
        : "it is not known before deployment";
      yield { what, why, fix: "Set it to true" };
    }
  },
};

/** A mapping can also remove a device, or map an instance store volume, which AWS encrypts. */
function isNoDisk(mapping: Field<unknown>): boolean {
  return ["noDevice", "virtualName"].some((name) => {
    const member = memberOf(mapping, name);
    return member.isKnown && isSet(member);
  });
}

/** Without a mapping there is the root device of the image, as for an instance that does not set it. */
function ofTemplate(props: Fields): [string, Field<unknown>][] {
  const mappings = readList(() => props.blockDeviceMappings);
  if (mappings.length === 0) {
    return [["blockDeviceMappings.ebs.encrypted", { isKnown: true, value: undefined }]];
  }
  return mappings.flatMap((mapping, index): [string, Field<unknown>][] =>
    isNoDisk(mapping)
      ? []
      : [
          [
            `blockDeviceMappings[${index}].ebs.encrypted`,
            memberOf(memberOf(mapping, "ebs"), "encrypted"),
          ],
        ],
  );
}

/** There is a root device even if the program does not set it. */
function ofInstance(props: Fields): [string, Field<unknown>][] {
  const root = read(() => props.rootBlockDevice);
  const isTemplates = !isSet(root) && isOfTemplate(props);
  const ofRoot: [string, Field<unknown>] = [
    "rootBlockDevice.encrypted",
    memberOf(root, "encrypted"),
  ];
  return [
    ...(isTemplates ? [] : [ofRoot]),
    ...readList(() => props.ebsBlockDevices).map((device, index): [string, Field<unknown>] => [
      `ebsBlockDevices[${index}].encrypted`,
      memberOf(device, "encrypted"),
    ]),
  ];
}
