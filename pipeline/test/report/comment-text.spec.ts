import { expect } from "chai";
import { commentText, type EndedPreview } from "../../report/comment-text.ts";
import { before, changed, failure, found, logOf, policy, previewOf, same, state } from "./logs.ts";

const ended: EndedPreview = {
  stack: "dev",
  result: "success",
  verdict: "success",
  verdictFiles: [],
  preview: previewOf(changed),
  errors: "",
  commit: "1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b",
  runUrl: "https://github.test/acme/watchdog/actions/runs/77",
};
const textOf = ({ log, ...more }: Partial<EndedPreview> & { log?: string }) =>
  commentText({ ...ended, ...(log !== undefined && { preview: previewOf(log) }), ...more });

/** The log of a preview that creates this number of buckets, each with this number of properties. */
function buckets(count: number, properties: number, value = "x"): string {
  const inputs = Object.fromEntries(
    Array.from({ length: properties }, (_, it) => [`tag${it}`, value]),
  );
  const events = Array.from({ length: count }, (_, number) =>
    before({
      op: "create",
      type: "aws:s3/bucket:Bucket",
      name: `bucket-${String(number).padStart(4, "0")}`,
      new: state(inputs),
    }),
  );
  return logOf(events, { create: count });
}

describe("commentText", () => {
  it("shows first what is replaced and deleted, then what is created and updated", () => {
    expect(textOf({})).to.equal(`<!-- reboot-automation preview of dev -->

### Preview of \`dev\`: 1 to replace ⚠, 1 to delete ⚠, 1 to create, 1 to update

The preview **passed**. The verdict with the base branch's policy pack **passed**.

**⚠ A resource that is replaced or deleted is gone with its data:**

| | resource | type | properties that change |
| --- | --- | --- | --- |
| replace | \`web-server\` | \`aws:ec2:Instance\` | \`instanceType\`, \`userData\`, \`subnetId\` |
| delete | \`n…@b.co\` | \`aws:sns:TopicSubscription\` |  |

<details><summary>1 to create, 1 to update</summary>

| | resource | type | properties that change |
| --- | --- | --- | --- |
| create | \`n…@b.co\` | \`aws:sns:TopicSubscription\` |  |
| update | \`notifications\` | \`reboot-automation:index:Notifications\` | \`emailAddresses\` |

</details>

<details><summary>The difference</summary>

\`\`\`diff
@@ replace aws:ec2:Instance web-server @@
   [id=i-312fe031dffcb5e1c]
   ami            : "ami-0c2023a1b2c3d4e5f"
!  instanceType   : "t2.micro" => "t3.micro"
   metadataOptions: {…}
   rootBlockDevice: {…}
!  subnetId       : "subnet-1" => [unknown]
-  userData       : [secret]
@@ delete aws:sns:TopicSubscription n…@b.co @@
-  [id=arn:aws:sns:us-east-1:000000000000:topic:7bc5b793]
-  endpoint: "a…@b.co"
@@ create aws:sns:TopicSubscription n…@b.co @@
+  endpoint: "b…@b.co"
+  protocol: "email"
@@ update reboot-automation:index:Notifications notifications @@
!  emailAddresses: [
!      [0]: "a…@b.co" => "b…@b.co"
   ]
\`\`\`

</details>

<sub>Commit \`1a2b3c4\`, [whole output](https://github.test/acme/watchdog/actions/runs/77)</sub>`);
  });

  it("says so where nothing changes", () => {
    expect(textOf({ log: same })).to.equal(`<!-- reboot-automation preview of dev -->

### Preview of \`dev\`: no changes

The preview **passed**. The verdict with the base branch's policy pack **passed**.

<sub>Commit \`1a2b3c4\`, [whole output](https://github.test/acme/watchdog/actions/runs/77)</sub>`);
  });

  it("has mandatory findings open before the changes, and folds those that advise", () => {
    const text = textOf({ log: found, result: "failure", verdict: "failure" });

    expect(
      text.split("<details><summary>1 to create")[0],
    ).to.equal(`<!-- reboot-automation preview of dev -->

### ❌ Preview of \`dev\`: 1 to create

The preview **failed**. The verdict with the base branch's policy pack **failed**.

**2 mandatory findings: \`pulumi up\` would stop there.**

- **missing-grant** \`aws:iam:Role reboot-role\`: reboot-role: sns:Publish is not granted. Add
  \`\`\`
  {
    "Action": "sns:Publish"
  }
  \`\`\`
- **unused-grant** \`aws:iam:Role reboot-role\`: reboot-role: statement Reboot: ec2:StopInstances on \`*\`: nothing uses it. Remove it.

<details><summary>1 advisory finding</summary>

- **waivers** \`aws:iam:Role other-role\`: it ends soon.

</details>

**[The run](https://github.test/acme/watchdog/actions/runs/77) says why the verdict failed.**

`);
  });

  const listOf = (...messages: readonly string[]) => {
    const events = messages.map((it) => policy("mandatory", "star-action", it));
    const text = textOf({ log: logOf(events, {}, "failed"), result: "failure" });
    return text.split("would stop there.**\n\n")[1]?.split("\n\n<sub>")[0] ?? "";
  };

  it("folds the statements to write instead under their finding", () => {
    const statement = { Sid: "Tell", Effect: "Allow", Action: ["sns:Publish"] };

    expect(
      listOf(`it: too much. List each. Instead: ${JSON.stringify(statement)}`, "it: x."),
    ).to.equal(`- **star-action** \`aws:iam:Role reboot-role\`: it: too much. List each.
  <details><summary>Statements to write instead</summary>

  \`\`\`json
  {
    "Sid": "Tell",
    "Effect": "Allow",
    "Action": [
      "sns:Publish"
    ]
  }
  \`\`\`

  </details>
- **star-action** \`aws:iam:Role reboot-role\`: it: x.`);
  });

  it("lets nothing in a statement leave its fold", () => {
    const statement = {
      Sid: "```\n</details> @acme/ops ada@example.com $(id) ::set-output \u202e",
    };

    expect(
      listOf(`it: x. Instead: ${JSON.stringify(statement)}`),
    ).to.equal(`- **star-action** \`aws:iam:Role reboot-role\`: it: x.
  <details><summary>Statements to write instead</summary>

  \`\`\`\`json
  {
    "Sid": "\`\`\`\\n</details> @acme/ops a…@example.com $(id) ::set-output \\u{202e}"
  }
  \`\`\`\`

  </details>`);
  });

  it("leaves statements to the run's log if there is no room, but lists each finding", () => {
    const actions = Array.from({ length: 60 }, (_, it) => `service:SomeAction${it}`);
    const messages = Array.from(
      { length: 20 },
      (_, it) => `it: number ${it}. Instead: ${JSON.stringify({ Action: actions })}`,
    );

    const list = listOf(...messages);

    expect(list.match(/: number /g)).to.have.length(20);
    expect(list.match(/<details>/g)).to.have.length(5);
    expect(
      list.match(/^ {2}The statements to write instead are in the run's log\.$/gm),
    ).to.have.length(15);
    expect(list.length).to.be.at.most(12_000);
  });

  it("has what only the base branch's policy pack forbids", () => {
    const text = textOf({
      log: changed,
      verdict: "failure",
      verdictPreview: previewOf(logOf([policy("mandatory", "grants-file", "It changed.")], {})),
    });

    expect(text.split("**⚠")[0]).to.equal(`<!-- reboot-automation preview of dev -->

### ❌ Preview of \`dev\`: 1 to replace ⚠, 1 to delete ⚠, 1 to create, 1 to update

The preview **passed**. The verdict with the base branch's policy pack **failed**.

**1 mandatory finding of the base branch's policy pack:**

- **grants-file** \`aws:iam:Role reboot-role\`: It changed.

`);
  });

  it("leaves a verdict to the code owners if the pull request changes what decides it", () => {
    const text = textOf({
      log: changed,
      verdict: "failure",
      verdictFiles: ["grants.lock.json", "policy"],
      verdictPreview: previewOf(logOf([policy("mandatory", "grants-file", "It changed.")], {})),
    });

    expect(text.split("**⚠")[0]).to.equal(`<!-- reboot-automation preview of dev -->

### Preview of \`dev\`: 1 to replace ⚠, 1 to delete ⚠, 1 to create, 1 to update

The preview **passed**. The verdict with the base branch's policy pack **failed**; that is left to the code owners, since the pull request changes \`grants.lock.json\`, \`policy\`.

**1 mandatory finding of the base branch's policy pack:**

- **grants-file** \`aws:iam:Role reboot-role\`: It changed.

`);
  });

  for (const [verdict, line] of [
    ["success", "**passed**."],
    ["skipped", "**did not run**."],
    ["cancelled", "**was cancelled**."],
  ] as const) {
    it(`leaves nothing to the code owners if the verdict ${line}`, () => {
      const text = textOf({ log: changed, verdict, verdictFiles: ["policy"] });

      expect(text).to.include(`The verdict with the base branch's policy pack ${line}`);
      expect(text.includes("### ❌")).to.equal(verdict !== "success");
    });
  }

  it("has a finding once that both policy packs have", () => {
    const text = textOf({
      log: found,
      result: "failure",
      verdict: "failure",
      verdictPreview: previewOf(found),
    });

    expect(text.match(/- \*\*unused-grant\*\*/g)).to.have.length(1);
    expect(text).not.to.include("says why the verdict failed");
  });

  it("says why a preview failed, without frames of others' code", () => {
    const message = [
      "Running program '/repository/index.ts' failed with an unhandled exception:",
      "",
      "Error: The stack's settings are wrong:",
      '- maxChecks: got "1"; expected a whole number from 2 to 100; ask ada@b.co',
      "    at readSettings (/repository/infra/settings.ts:51:10)",
      "    at Module.m._compile (/repository/node_modules/ts-node/src/index.ts:1618:23)",
      "    at node:internal/modules/cjs/loader:2060:10",
      "",
    ].join("\n");

    expect(
      textOf({ log: logOf([failure(message)], { same: 1 }, "failed"), result: "failure" }),
    ).to.equal(`<!-- reboot-automation preview of dev -->

### ❌ Preview of \`dev\` failed

The preview **failed**. The verdict with the base branch's policy pack **passed**.

**The preview failed, so what follows may not be all:**

\`\`\`
Running program '/repository/index.ts' failed with an unhandled exception:
Error: The stack's settings are wrong:
- maxChecks: got "1"; expected a whole number from 2 to 100; ask a…@b.co
    at readSettings (/repository/infra/settings.ts:51:10)
\`\`\`

<sub>Commit \`1a2b3c4\`, [whole output](https://github.test/acme/watchdog/actions/runs/77)</sub>`);
  });

  it("has what the CLI wrote, without colours, where the engine did not start", () => {
    const text = textOf({
      log: "",
      result: "failure",
      errors: "\u001b[31merror: \u001b[0mno stack named 'dev' found\nerror: preview failed\n",
    });

    expect(text).to.include("\n```\nerror: no stack named 'dev' found\n```\n");
    expect(text).not.to.include("could not be read");
  });

  for (const [what, more, line] of [
    [
      "a failure that nothing explains",
      { log: same, result: "failure" },
      "**[The run](https://github.test/acme/watchdog/actions/runs/77) says why the preview failed.**",
    ],
    [
      "a preview that did not run",
      { log: "", result: "skipped", verdict: "skipped" },
      "The preview **did not run**. The verdict with the base branch's policy pack **did not run**.",
    ],
    [
      "a preview that was cancelled",
      { log: "", result: "cancelled" },
      "The preview **was cancelled**. The verdict with the base branch's policy pack **passed**.",
    ],
    [
      "a log that cannot be read",
      { log: "[]\n" },
      "**⚠ The preview's result could not be read: is not an object.** There may be changes that are not shown here. See [the run](https://github.test/acme/watchdog/actions/runs/77).",
    ],
    [
      "a log of a preview that passed and says that it failed",
      { log: logOf([], {}, "failed") },
      "**⚠ The preview's result could not be read: its job passed, but the engine says that it failed.** There may be changes that are not shown here. See [the run](https://github.test/acme/watchdog/actions/runs/77).",
    ],
  ] as const) {
    it(`never says "no changes" for ${what}`, () => {
      const text = textOf(more);

      expect(text).to.match(
        /^### ❌ Preview of `dev` (failed|did not run|was cancelled|could not be read)$/m,
      );
      expect(text).to.include(`\n\n${line}\n\n`);
      expect(text).not.to.include("no changes");
    });
  }

  it("says that summary and events disagree, and shows what the events have", () => {
    const text = textOf({ log: buckets(1, 1).replace('"create":1', '"create":3') });

    expect(text).to.include(
      "\n\n**⚠ The preview's result could not be read: the engine's summary has 3 to create, but its events have 1 to create.**",
    );
    expect(text).to.match(/^### ❌ Preview of `dev`: 1 to create$/m);
    expect(text).to.include("| create | `bucket-0000` |");
  });

  it("is the same whatever the order in which the engine's events are", () => {
    const lines = buckets(5, 1).split("\n");

    expect(
      textOf({ log: [...lines.slice(0, 5).reverse(), ...lines.slice(5)].join("\n") }),
    ).to.equal(textOf({ log: buckets(5, 1) }));
  });

  it("cannot be left by what is in the difference", () => {
    const text = textOf({ log: buckets(1, 1, "```</details><b><!-- reboot-automation") });

    expect(text).to.include(
      '````diff\n@@ create aws:s3:Bucket bucket-0000 @@\n+  tag0: "```</details><b><!-- reboot-automation"\n````\n\n</details>\n\n<sub>',
    );
  });

  for (const [what, more] of [
    ["resources with many lines", { log: buckets(500, 20) }],
    ["very many resources", { log: buckets(3_000, 1) }],
    ["many findings", { log: logOf(manyFindings(), {}, "failed"), result: "failure" }],
    ["errors", { log: "", errors: "`".repeat(100_000), result: "failure" }],
    [
      "names that are escaped",
      { log: buckets(300, 4).replaceAll("bucket-", "\u202e".repeat(200)) },
    ],
    ["backticks", { log: buckets(300, 4, "`".repeat(1_000)) }],
    [
      "everything at once",
      {
        log: logOf([...manyFindings(), ...manyDeletions()], { delete: 1_000 }, "failed"),
        verdictPreview: previewOf(logOf(manyFindings("other"), {}, "failed")),
        errors: "`".repeat(100_000),
        result: "failure",
        verdict: "failure",
      },
    ],
    [
      "everything at once, and errors of characters that nobody can see",
      {
        log: logOf([...manyFindings(), ...manyDeletions()], { delete: 1_000 }, "failed"),
        verdictPreview: previewOf(logOf(manyFindings("other"), {}, "failed")),
        errors: "\u202e".repeat(50_000),
        result: "failure",
        verdict: "failure",
      },
    ],
  ] as const) {
    it(`has at most 65,536 characters with ${what}, and still its end`, () => {
      const text = textOf(more);

      expect(text.length).to.be.at.most(65_536);
      expect(text).to.match(/<sub>Commit `1a2b3c4`, \[whole output\]\(\S+\)<\/sub>$/);
    });
  }

  it("hides no finding behind one of characters that nobody can see", () => {
    const log = logOf(
      [
        policy("mandatory", "a-long-one", "\u202e".repeat(1_500)),
        policy("mandatory", "star-action", "s3:* is too much."),
      ],
      {},
      "failed",
    );

    const text = textOf({ log, result: "failure" });

    expect(text).to.match(/^- \*\*a-long-one\*\* .*: `(\\u\{202e\})+…`$/m);
    expect(text).to.include("- **star-action** `aws:iam:Role reboot-role`: `s3:*` is too much.");
  });

  it("lists what is deleted before all else, and says how many resources are not in the list", () => {
    const creations = Array.from({ length: 1_000 }, (_, number) =>
      before({ op: "create", type: "a:b:C", name: `new-${number}`, new: state({}) }),
    );
    const text = textOf({
      log: logOf([...creations, ...manyDeletions()], { create: 1_000, delete: 1_000 }),
    });
    const shown = (operation: string) =>
      text.match(new RegExp(`^\\| ${operation} \\|`, "gm"))?.length ?? 0;

    expect(shown("delete")).to.be.above(100);
    expect(text).to.include(
      `| ⚠ | **${1_000 - shown("delete")} more resources would not fit here: ${1_000 - shown("delete")} to delete ⚠** | | |`,
    );
    expect(text).to.include(
      `| ⚠ | **${1_000 - shown("create")} more resources would not fit here: ${1_000 - shown("create")} to create** | | |`,
    );
    expect(text.indexOf("| delete |")).to.be.below(text.indexOf("| create |"));
  });

  it("fills the comment, and says how many resources are not in the difference", () => {
    const text = textOf({ log: buckets(500, 20) });
    const shown = text.match(/^@@ /gm)?.length ?? 0;

    expect(text.length).to.be.above(63_000);
    expect(text).to.include(
      `**${500 - shown} more resources would not fit: GitHub accepts at most 65,536 characters in a comment. The run's log has everything.**`,
    );
    expect(text).to.include("<summary>The difference, in part</summary>");
  });
});

function manyFindings(rule = "rule"): object[] {
  return Array.from({ length: 2_000 }, (_, number) =>
    policy(
      number % 2 ? "mandatory" : "advisory",
      rule,
      `finding ${number}\n@ada | ${"`".repeat(50)}`,
    ),
  );
}

function manyDeletions(): object[] {
  return Array.from({ length: 1_000 }, (_, number) =>
    before({ op: "delete", type: "a:b:C", name: `old-${number}`, old: state({}) }),
  );
}
