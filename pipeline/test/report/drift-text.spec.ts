import { expect } from "chai";
import { driftEndText, driftText, driftTitle } from "../../report/drift-text.ts";
import { drifted, logOf, previewOf, refreshed, state } from "./logs.ts";

const runUrl = "https://github.test/acme/watchdog/actions/runs/77";

describe("driftText", () => {
  it("says what is gone, what was changed, and what to do", () => {
    expect(
      driftText({ stack: "dev", preview: previewOf(drifted), runUrl }),
    ).to.equal(`<!-- reboot-automation drift of dev -->

**1 resource gone ⚠, 1 resource changed** since the last \`pulumi up\` of \`dev\`, by something else than Pulumi.

| | resource | type | properties that change |
| --- | --- | --- | --- |
| gone ⚠ | \`reboot-dead-letters\` | \`aws:sqs:Queue\` |  |
| changed | \`web-server-security-group\` | \`aws:ec2:SecurityGroup\` | \`ingress\` |

- **Unwanted change:** run the workflow *up* manually with *refresh*. It restores what the program says.
- **Wanted change:** write it into the program and merge it.
- **After an AccessDenied, run *up* with *refresh* again.** Pulumi records a refused update as done, so an *up* without *refresh* can succeed without changing anything.
- **An e-mail subscription is gone:** nobody confirmed it in time, and SNS deletes those after some days. Run *up* with *refresh*: AWS sends the e-mail again. Confirm it.

The roles cannot restore everything: see "Drift" in pipeline/README.md.

<details><summary>The difference</summary>

\`\`\`diff
@@ gone ⚠ aws:sqs:Queue reboot-dead-letters @@
-  [id=https://sqs.us-east-1.amazonaws.com/000000000000/dead]
-  name  : "dead"
-  policy: ""
@@ changed aws:ec2:SecurityGroup web-server-security-group @@
   [id=sg-5ae706857dd12a573]
   description: "HTTP in"
!  ingress    : [
+      [0]: {
+          cidr    : "0.0.0.0/0"
+          fromPort: 22
+      }
   ]
\`\`\`

</details>

<sub>Last seen in [this run](https://github.test/acme/watchdog/actions/runs/77). The issue is closed when the drift is gone.</sub>`);
  });

  it("has no address of a person", () => {
    const inputs = { endpoint: "ada@example.com", tags: { Owner: "Bea <bea@example.com>" } };
    const log = logOf(
      refreshed({
        op: "delete",
        type: "aws:sns/topicSubscription:TopicSubscription",
        name: "notifications-ada@example.com",
        old: state({}, { id: "arn:ada@example.com", outputs: inputs }),
      }),
      { delete: 1 },
    );

    expect(driftText({ stack: "dev", preview: previewOf(log), runUrl })).not.to.match(/ada@|bea@/);
  });

  for (const [log, reason] of [
    ["", "the engine's events end before the engine did"],
    [logOf([], {}), "its events have no change"],
    ["{\n", "is not JSON"],
  ] as const) {
    it(`says that there is drift and that ${reason}`, () => {
      const text = driftText({ stack: "dev", preview: previewOf(log), runUrl });

      expect(text).to.include(
        "**There is drift** since the last `pulumi up` of `dev`, by something else than Pulumi.",
      );
      expect(text).to.include(
        `**⚠ What differs could not be read: ${reason}.** There may be drift that is not shown here. See [the run](${runUrl}).`,
      );
    });
  }
});

describe("driftTitle", () => {
  it("names the stack", () => {
    expect(driftTitle("dev")).to.equal("Drift: the stack dev is not as it was deployed");
  });
});

describe("driftEndText", () => {
  it("names stack and run", () => {
    expect(driftEndText({ stack: "dev", runUrl })).to.equal(
      "The drift is gone: in [this run](https://github.test/acme/watchdog/actions/runs/77) AWS and Sumo Logic have what the state of `dev` says.",
    );
  });
});
