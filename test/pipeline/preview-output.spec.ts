import { expect } from "chai";
import { changesTable } from "../../pipeline/changes.ts";
import { parsePreview } from "../../pipeline/preview-output.ts";
import { changed, drifted, found, replaced, same } from "./outputs.ts";

describe("parsePreview", () => {
  it("has each resource that changes, with the names of its properties", () => {
    const { steps } = parsePreview(changed);

    expect(
      steps.map(({ operation, type, name, changed: properties }) => [
        operation,
        type,
        name,
        properties,
      ]),
    ).to.deep.equal([
      ["update", "reboot-automation:index:Notifications", "notifications", ["emailAddresses"]],
      ["create", "aws:sns:TopicSubscription", "notifications-b@b.co", []],
      ["replace", "aws:ec2:Instance", "web-server", ["instanceType", "userData"]],
      ["delete", "aws:sns:TopicSubscription", "notifications-a@b.co", []],
    ]);
  });

  it("separates what is known only after the deployment, and lists it last", () => {
    const { steps } = parsePreview(replaced);

    expect(steps.map((it) => [it.changed, it.changedToUnknown])).to.deep.equal([
      [["rootBlockDevice"], ["arn", "availabilityZone"]],
    ]);
    expect(changesTable(steps).split("\n").at(-1)).to.equal(
      "| replace | `web-server` | `aws:ec2:Instance` | `rootBlockDevice`, `arn`, `availabilityZone` |",
    );
  });

  it("keeps what a resource has and its id, not the URN, the provider or the stack's outputs", () => {
    const { steps } = parsePreview(changed);

    expect(
      steps.filter(({ type }) => type !== "aws:ec2:Instance").map(({ lines }) => lines),
    ).to.deep.equal([
      ["~ emailAddresses: [", '    ~ [0]: "a@b.co" => "b@b.co"', "  ]"],
      ['  endpoint: "b@b.co"', '  protocol: "email"'],
      ["  [id=arn:aws:sns:us-east-1:000000000000:topic:7bc5b793]", '  endpoint: "a@b.co"'],
    ]);
  });

  it("counts as the summary does", () => {
    expect([...(parsePreview(changed).counts ?? [])]).to.deep.equal([
      ["create", 1],
      ["update", 1],
      ["delete", 1],
      ["replace", 1],
    ]);
  });

  it("has neither steps nor counts where all stays the same", () => {
    expect(parsePreview(same)).to.deep.equal({ steps: [], findings: [], counts: new Map() });
  });

  it("has no counts where the preview ended before its summary", () => {
    expect(parsePreview("Previewing update (dev):\n")).to.deep.equal({ steps: [], findings: [] });
  });

  it("has each finding with its level, rule, resource and every line of its message", () => {
    const { findings, steps } = parsePreview(found);

    expect(findings).to.deep.equal([
      {
        level: "mandatory",
        rule: "unused-grant",
        resource: "aws:iam:Role reboot-role",
        message:
          "reboot-role: statement Reboot: ec2:StopInstances on *: nothing uses it. Take it away.",
      },
      {
        level: "advisory",
        rule: "waivers",
        resource: "pulumi:pulumi:Stack stack",
        message: "it ends soon.",
      },
      {
        level: "mandatory",
        rule: "missing-grant",
        resource: "aws:iam:Role reboot-role",
        message: 'reboot-role: sns:Publish is not granted. Add\n{\n  "Action": "sns:Publish"\n}',
      },
    ]);
    expect(steps.map(({ lines }) => lines)).to.deep.equal([['  name: "reboot-role"']]);
  });

  it("has what a refresh saw", () => {
    const { steps } = parsePreview(drifted);

    expect(
      steps.map(({ operation, name, lines }) => [operation, name, lines.at(-1)]),
    ).to.deep.equal([
      ["update", "web-server-security-group", "  ]"],
      ["delete", "reboot-dead-letters", '- name                   : "dead"'],
    ]);
  });

  it("takes code that looks like a resource's line for code", () => {
    const code = changed.replace(
      '            protocol: "email"\n',
      '            protocol: "email"\n    - aws:s3/bucket:Bucket: (delete)\n',
    );

    expect(parsePreview(code).steps.map(({ name }) => name)).to.deep.equal(
      parsePreview(changed).steps.map(({ name }) => name),
    );
  });

  it("does not mind colours and carriage returns", () => {
    const coloured = changed.replaceAll("aws:", "\u001b[32maws:\u001b[0m").replaceAll("\n", "\r\n");

    expect(parsePreview(coloured)).to.deep.equal(parsePreview(changed));
  });
});
