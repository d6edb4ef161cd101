import { expect } from "chai";
import { commentText, type EndedPreview } from "../../pipeline/comment-text.ts";
import { changed, found, same } from "./outputs.ts";

const textOf = (preview: Partial<EndedPreview>) =>
  commentText({
    stack: "dev",
    output: changed,
    errors: "",
    exitCode: 0,
    commit: "1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b",
    runUrl: "https://github.test/acme/watchdog/actions/runs/77",
    ...preview,
  });

/** An output with so many buckets, each with so many properties. */
function buckets(count: number, properties: number, property = 'tag: "x"'): string {
  const bucket = (number: number) => `    + aws:s3/bucket:Bucket: (create)
        [urn=urn:pulumi:dev::p::aws:s3/bucket:Bucket::bucket-${String(number).padStart(4, "0")}]
${`        ${property}\n`.repeat(properties)}`;
  const all = Array.from({ length: count }, (_, number) => bucket(number)).join("");
  return `Previewing update (dev):\n${all}Resources:\n    + ${count} to create\n`;
}

describe("commentText", () => {
  it("shows first what is replaced and deleted, then what is created and updated", () => {
    expect(textOf({})).to.equal(`<!-- reboot-automation preview of dev -->

### Preview of \`dev\`: 1 to replace ⚠, 1 to delete ⚠, 1 to create, 1 to update

**⚠ A resource that is replaced or deleted is gone with its data:**

| | resource | type | properties that change |
| --- | --- | --- | --- |
| replace | \`web-server\` | \`aws:ec2:Instance\` | \`instanceType\`, \`userData\` |
| delete | \`notifications-a@b.co\` | \`aws:sns:TopicSubscription\` |  |

<details><summary>1 to create, 1 to update</summary>

| | resource | type | properties that change |
| --- | --- | --- | --- |
| create | \`notifications-b@b.co\` | \`aws:sns:TopicSubscription\` |  |
| update | \`notifications\` | \`reboot-automation:index:Notifications\` | \`emailAddresses\` |

</details>

<details><summary>The difference</summary>

\`\`\`diff
@@ replace aws:ec2:Instance web-server @@
   [id=i-312fe031dffcb5e1c]
   ami                    : "ami-0c2023a1b2c3d4e5f"
!  instanceType           : "t2.micro" => "t3.micro"
   metadataOptions        : {
       httpTokens: "required"
   …
       encrypted: true
   }
-  userData               : [secret]
@@ delete aws:sns:TopicSubscription notifications-a@b.co @@
-  [id=arn:aws:sns:us-east-1:000000000000:topic:7bc5b793]
-  endpoint: "a@b.co"
@@ create aws:sns:TopicSubscription notifications-b@b.co @@
+  endpoint: "b@b.co"
+  protocol: "email"
@@ update reboot-automation:index:Notifications notifications @@
!  emailAddresses: [
!      [0]: "a@b.co" => "b@b.co"
   ]
\`\`\`

</details>

<sub>Commit \`1a2b3c4\`, [whole output](https://github.test/acme/watchdog/actions/runs/77)</sub>`);
  });

  it("says so where nothing changes", () => {
    expect(textOf({ output: same })).to.equal(`<!-- reboot-automation preview of dev -->

### Preview of \`dev\`: no changes

<sub>Commit \`1a2b3c4\`, [whole output](https://github.test/acme/watchdog/actions/runs/77)</sub>`);
  });

  it("has mandatory findings open before the changes, and folds those that advise", () => {
    const text = textOf({ output: found, errors: "error: preview failed\n", exitCode: 1 });

    expect(
      text.split("<details><summary>1 to create")[0],
    ).to.equal(`<!-- reboot-automation preview of dev -->

### ❌ Preview of \`dev\`: 1 to create

**2 mandatory findings: \`pulumi up\` would stop there.**

- **missing-grant** \`aws:iam:Role reboot-role\`: reboot-role: sns:Publish is not granted. Add
  \`\`\`
  {
    "Action": "sns:Publish"
  }
  \`\`\`
- **unused-grant** \`aws:iam:Role reboot-role\`: reboot-role: statement Reboot: ec2:StopInstances on \\*: nothing uses it. Take it away.

<details><summary>1 advisory finding</summary>

- **waivers** \`pulumi:pulumi:Stack stack\`: it ends soon.

</details>

`);
  });

  it("says why a preview failed, without colours and frames of others' code", () => {
    const errors = [
      "error: Running program '/repository/index.ts' failed with an unhandled exception:",
      "",
      "Error: The stack's settings are wrong:",
      '- maxChecks: got "1"; expected a whole number from 2 to 100',
      "    at readSettings \u001b[90m(/repository/\u001b[39minfra/settings.ts:51:10\u001b[90m)\u001b[39m",
      "    at Module.m._compile (/repository/node_modules/ts-node/src/index.ts:1618:23)",
      "    at node:internal/modules/cjs/loader:2060:10",
      "",
    ];

    expect(
      textOf({ output: "", errors: errors.join("\n"), exitCode: 255 }),
    ).to.equal(`<!-- reboot-automation preview of dev -->

### ❌ Preview of \`dev\` failed

**The preview ended with code 255, so what follows may not be all:**

\`\`\`
error: Running program '/repository/index.ts' failed with an unhandled exception:
Error: The stack's settings are wrong:
- maxChecks: got "1"; expected a whole number from 2 to 100
    at readSettings (/repository/infra/settings.ts:51:10)
\`\`\`

<sub>Commit \`1a2b3c4\`, [whole output](https://github.test/acme/watchdog/actions/runs/77)</sub>`);
  });

  it("refers to the log where a failure is not explained", () => {
    expect(
      textOf({ output: same, exitCode: 1 }),
    ).to.equal(`<!-- reboot-automation preview of dev -->

### ❌ Preview of \`dev\` failed

**The preview ended with code 1; the run's log says why.**

<sub>Commit \`1a2b3c4\`, [whole output](https://github.test/acme/watchdog/actions/runs/77)</sub>`);
  });

  it("is the same whatever the order in which the engine looked at resources", () => {
    const [head = "", first = "", ...rest] = buckets(5, 1).split(/(?=^ {4}\+ aws)/m);
    const [last = "", summary = ""] = (rest.pop() ?? "").split(/(?=^Resources:)/m);

    expect(textOf({ output: [head, last, ...rest, first, summary].join("") })).to.equal(
      textOf({ output: buckets(5, 1) }),
    );
  });

  it("cannot be left by what is in the difference", () => {
    const text = textOf({ output: buckets(1, 1, "```</details><b>") });

    expect(text).to.include(
      "````diff\n@@ create aws:s3:Bucket bucket-0000 @@\n+  ```</details><b>\n````\n\n</details>\n\n<sub>",
    );
  });

  it("shortens a resource of many lines, and a long line", () => {
    const [many, long] = [buckets(1, 123), buckets(1, 1, "x".repeat(400))].map((output) =>
      textOf({ output }),
    );

    expect(many).to.include('+  tag: "x"\n   … 3 more lines, in the run\'s log\n```');
    expect(long).to.include(`+  ${"x".repeat(296)}…\n\`\`\``);
  });

  for (const [what, preview] of [
    ["resources with many lines", { output: buckets(500, 20) }],
    ["very many resources", { output: buckets(5_000, 1) }],
    ["many findings", { output: (found.split("Resources:")[0] ?? "").repeat(2_000), exitCode: 1 }],
    ["errors", { errors: "`".repeat(100_000), exitCode: 1 }],
  ] as const) {
    it(`has at most 65,536 characters with ${what}, and still its end`, () => {
      const text = textOf(preview);

      expect(text.length).to.be.at.most(65_536);
      expect(text).to.match(/<sub>Commit `1a2b3c4`, \[whole output\]\(\S+\)<\/sub>$/);
    });
  }

  it("fills the comment, and says how many resources are not in it", () => {
    const text = textOf({ output: buckets(500, 20) });
    const shown = text.match(/^@@ /gm)?.length ?? 0;

    expect(text.length).to.be.above(64_000);
    expect(text).to.include(
      `**${500 - shown} more resources would not fit: a comment of GitHub has at most 65,536 characters. The run's log has everything.**`,
    );
    expect(text).to.include("<summary>The difference, in part</summary>");
  });
});
