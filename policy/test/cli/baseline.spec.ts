import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { rules } from "../support.ts";
import {
  createFakePulumi,
  type FakePreview,
  failedFor,
  failedPreview,
  policyEvent,
  previewWith,
  stackIsChecked,
  summaryOf,
} from "./fake-pulumi.ts";
import { runInMemory } from "./memory-terminal.ts";

const { readWaivers } = loadProgram<typeof import("../../waivers.ts")>("policy/waivers.ts");

const accepted = ["--owner", "shop team", "--reason", "Older than the pack."];
const type = "aws:iam/rolePolicy:RolePolicy";
const waiver = {
  rule: "star-resource",
  type,
  name: "it",
  finding: "policy: Resource *",
  reason: "Older than the pack.",
  owner: "shop team",
  expires: "2026-08-30",
};

describe("the command baseline", () => {
  let folder: string;
  let pulumi: ReturnType<typeof createFakePulumi>;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "baseline-")));
    mkdirSync(join(folder, "shop"));
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    pulumi = createFakePulumi(join(folder, "bin"));
    pulumi.plan(previewWith({}));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name = "policy-waivers.json") => join(folder, "shop", name);
  const write = (name: string, content: unknown) =>
    writeFileSync(file(name), typeof content === "string" ? content : JSON.stringify(content));
  const written = (name?: string) => JSON.parse(readFileSync(file(name), "utf8"));
  const run = (args: readonly string[] = [], environment: Record<string, string> = {}) =>
    runInMemory(["baseline", ...accepted, ...args], {
      folder: join(folder, "shop"),
      environment: { PATH: pulumi.path, ...environment },
    });

  describe("writes", () => {
    it("one waiver for each finding, sorted, as a person reads them", async () => {
      pulumi.plan(
        previewWith(
          { rule: "star-resource", name: "b" },
          { rule: "not-action", name: "b" },
          { rule: "star-resource", name: "a", finding: "policy: Resource * with sns:Publish" },
          { rule: "star-resource", name: "a", finding: "policy: Resource * with sns:Create" },
        ),
      );

      const { code, output } = await run();

      expect(code).to.equal(0);
      expect(written().map((it: typeof waiver) => [it.rule, it.name, it.finding])).to.deep.equal([
        ["not-action", "b", "policy: Resource *"],
        ["star-resource", "a", "policy: Resource * with sns:Create"],
        ["star-resource", "a", "policy: Resource * with sns:Publish"],
        ["star-resource", "b", "policy: Resource *"],
      ]);
      expect(output).to.equal(
        [
          "policy-waivers.json: 4 waivers",
          "  not-action     1 until 2026-08-08",
          "  star-resource  3 until 2026-08-30",
          "",
          "Review the file and commit it, with an owner in CODEOWNERS.",
          'Add to policy-config.json: {"waivers":{"file":"policy-waivers.json"}}',
          "Then run: pulumi preview --policy-pack node_modules/.bin/least-privilege-iam --policy-pack-config policy-config.json",
          "",
        ].join("\n"),
      );
    });

    it("waivers that the pack accepts", async () => {
      await run();

      const text = readFileSync(file(), "utf8");
      const names = rules.map(({ name }) => name);
      expect(readWaivers(text, names)).to.deep.equal({ waivers: [waiver], problems: [] });
      expect(text).to.equal(
        `[
  {
    "rule": "star-resource",
    "type": "aws:iam/rolePolicy:RolePolicy",
    "name": "it",
    "finding": "policy: Resource *",
    "reason": "Older than the pack.",
    "owner": "shop team",
    "expires": "2026-08-30"
  }
]
`,
      );
    });

    it("one waiver for resources of the same type and name", async () => {
      pulumi.plan(previewWith({ parents: "a:b:C$" }, { parents: "a:b:D$" }));

      expect((await run()).code).to.equal(0);

      expect(written()).to.deep.equal([waiver]);
    });

    it("an end for each rule: the most severe first, evenly over the second half of the time", async () => {
      pulumi.plan(
        previewWith(
          { rule: "unknown-action", severity: "medium" },
          { rule: "star-resource" },
          { rule: "not-action" },
          { rule: "pass-role", severity: "critical" },
        ),
      );

      await run(["--include-critical", "--expires", "2026-11-28"]);

      const ends = written().map((it: typeof waiver) => [it.rule, it.expires]);
      expect(ends).to.deep.equal([
        ["not-action", "2026-10-14"],
        ["pass-role", "2026-09-22"],
        ["star-resource", "2026-11-06"],
        ["unknown-action", "2026-11-28"],
      ]);
    });

    it("an end that is never today, even if the last is tomorrow", async () => {
      pulumi.plan(previewWith({ rule: "not-action" }, { rule: "star-resource" }));

      await run(["--expires", "2026-06-02"]);

      const ends = written().map((it: typeof waiver) => it.expires);
      expect(ends).to.deep.equal(["2026-06-02", "2026-06-02"]);
    });

    it("nothing for advisory and waived findings", async () => {
      pulumi.plan(previewWith({ level: "advisory" }, { name: "b", waived: "Known." }));

      const { code, output } = await run();

      expect(code).to.equal(0);
      expect(existsSync(file())).to.equal(false);
      expect(output).to.equal(
        "no waiver for 1 advisory finding: advisories fail nothing\nnothing fails the preview: no file was written\n",
      );
    });

    it("JSON of what it accepted, and nothing else on standard output", async () => {
      pulumi.plan(previewWith({}, { rule: "pass-role", severity: "critical" }));

      const { code, output } = await run(["--json"]);

      expect(code).to.equal(1);
      expect(JSON.parse(output)).to.deep.equal({
        file: "policy-waivers.json",
        waivers: [waiver],
        notAccepted: [
          {
            id: "c42a3834f385afb8bb62",
            rule: "pass-role",
            type,
            name: "it",
            finding: "policy: Resource *",
            why: "its rule is critical",
          },
        ],
        ofOtherPacks: [],
        advisory: 0,
      });
    });
  });

  describe("does not accept", () => {
    it("findings of critical rules, unless an option asks for it", async () => {
      const finding = { rule: "pass-role", severity: "critical", finding: "policy: Resource *" };
      pulumi.plan(previewWith({}, finding));

      const { code, output } = await run();

      expect(code).to.equal(1);
      expect(written()).to.deep.equal([waiver]);
      expect(output).to.include(
        "not accepted: 1 finding\n" +
          "  c42a3834 pass-role  aws:iam/rolePolicy:RolePolicy it, policy: Resource *: its rule is critical\n" +
          "Fix them, or add a waiver for each: run a preview with SARIF_FILE=findings.sarif, then `explain ID --sarif findings.sarif`\n",
      );

      rmSync(file());
      expect((await run(["--include-critical"])).code).to.equal(0);
      expect(written().map((it: typeof waiver) => it.rule)).to.deep.equal([
        "pass-role",
        "star-resource",
      ]);
    });

    it("what no waiver can excuse, and writes no file for that alone", async () => {
      pulumi.plan(previewWith({ rule: "configuration", canBeWaived: false }));

      const { code, output } = await run(["--include-critical"]);

      expect(code).to.equal(1);
      expect(existsSync(file())).to.equal(false);
      expect(output).to.equal(
        "not accepted: 1 finding\n" +
          "  1ebbfff8 configuration  aws:iam/rolePolicy:RolePolicy it, policy: Resource *: it cannot be waived\n",
      );
    });

    it("a finding whose waiver has expired", async () => {
      const old = { ...waiver, expires: "2026-05-31" };
      write("old.json", [old]);
      write("config.json", { waivers: { file: "old.json" } });
      pulumi.plan(previewWith({}, { name: "new" }));

      const { code, output } = await run(["--config", "config.json", "--out", "new.json"]);

      expect(code).to.equal(1);
      expect(written("old.json")).to.deep.equal([old]);
      expect(written("new.json")).to.deep.equal([{ ...waiver, name: "new" }]);
      expect(output).to.include("it, policy: Resource *: its waiver has expired\n");
      expect(output).to.include("Move its entries to the waivers file that config.json names.\n");
    });

    it("findings of other packs", async () => {
      const events = [policyEvent({ rule: "no-public-ip" }, "acme"), ...failedFor({})];
      pulumi.plan({ ...previewWith({}), events });

      const { code, output } = await run();

      expect(code).to.equal(1);
      expect(written()).to.deep.equal([waiver]);
      expect(output).to.include(
        "not of this pack: acme no-public-ip  it: policy: Resource *: too much. Fix it.\n",
      );
    });
  });

  describe("runs pulumi preview", () => {
    it("with this pack, its arguments and a folder that only this user can read", async () => {
      const { errors } = await run(["--", "--stack", "prod", "-c", "a b"]);

      const call = pulumi.call();
      expect(call).to.deep.include({
        folder: join(folder, "shop"),
        debugCommands: "true",
        configuration: {},
        mode: "700",
      });
      expect(call?.args.map((it) => it.replace(/^\/.*\/policy\/cli\//, ""))).to.deep.equal([
        "preview",
        "--non-interactive",
        "--color",
        "never",
        "--suppress-progress",
        "--policy-pack",
        "executable.ts",
        "--policy-pack-config",
        "PRIVATE/config.json",
        "--event-log",
        "PRIVATE/events.json",
        "--stack",
        "prod",
        "-c",
        "a b",
      ]);
      expect(existsSync(call?.privateFolder ?? "")).to.equal(false);
      expect(errors).to.equal("running pulumi preview\n");
    });

    it("and says how to run it with the same arguments", async () => {
      const { output } = await run(["--", "--stack", "prod", "-c", "a b's"]);

      expect(output).to.match(
        /--policy-pack-config policy-config\.json --stack prod -c 'a b'\\''s'\n$/,
      );
    });

    for (const [configuration, used] of [
      [
        { waivers: { file: "w.json" }, "log-retention": "advisory" },
        { "log-retention": "advisory" },
      ],
      [
        { waivers: { file: "w.json", enforcementLevel: "advisory" } },
        { waivers: { enforcementLevel: "advisory" } },
      ],
      [
        { version: 2, policies: { waivers: { file: "w.json" } }, environments: ["e"] },
        { version: 2, policies: {}, environments: ["e"] },
      ],
    ]) {
      it(`without the waivers file that it will write: ${JSON.stringify(configuration)}`, async () => {
        write("config.json", configuration);

        const { code, output } = await run(["--config", "config.json"]);

        expect(code).to.equal(0);
        expect(pulumi.call()?.configuration).to.deep.equal(used);
        expect(written("w.json")).to.deep.equal([waiver]);
        expect(output).not.to.include("Add to");
      });
    }

    it("with the waivers file that is there", async () => {
      const configuration = { waivers: { file: "w.json" } };
      write("w.json", []);
      write("config.json", configuration);

      const { code } = await run(["--config", "config.json", "--out", "new.json"]);

      expect(code).to.equal(0);
      expect(pulumi.call()?.configuration).to.deep.equal(configuration);
    });

    it("and names the file from POLICY_FOLDER, at which paths then start", async () => {
      const { output } = await run([], { POLICY_FOLDER: folder });

      expect(output).to.include('{"waivers":{"file":"shop/policy-waivers.json"}}');
    });

    for (const [project, main] of [
      ["name: shop\nmain: source/\n", "folder"],
      ["name: shop\nmain: 'source/index.ts' # the program\n", "file"],
    ] as const) {
      it(`and names the file from where the pack starts, if main is a ${main}`, async () => {
        write("Pulumi.yaml", project);
        mkdirSync(file("source"));

        expect((await run()).output).to.include('{"waivers":{"file":"../policy-waivers.json"}}');
      });
    }
  });

  describe("writes nothing if the preview", () => {
    const whole = previewWith({});
    const error = { diagnosticEvent: { severity: "error", message: "no credentials" } };
    const failures: Readonly<Record<string, readonly [FakePreview, string]>> = {
      "does not start": [{ ends: 255 }, "it ended with exit code 255"],
      "has no stack": [{ ends: 1 }, "the program did not start"],
      "is killed": [{ ...whole, ends: "SIGKILL" }, "it ended with SIGKILL"],
      "ends with a code of something else": [{ ...whole, ends: 10 }, "it ended with exit code 10"],
      "fails for more than findings": [
        { ...whole, events: [error, ...failedFor({})] },
        "something failed besides findings",
      ],
      "has a program that reports the same words": [
        { ...whole, events: [failedPreview, ...failedFor({})] },
        "something failed besides findings",
      ],
      "has an error of the engine": [
        { ...whole, events: [{ errorEvent: { error: "panic" } }, ...failedFor({})] },
        "something failed besides findings",
      ],
      "fails without a finding": [
        { ...whole, events: failedFor() },
        "something failed besides findings",
      ],
      "is canceled": [
        { ...whole, events: [policyEvent({}), stackIsChecked, summaryOf("canceled")] },
        "it was canceled",
      ],
      "ends half-way": [
        { ...whole, events: [policyEvent({}), stackIsChecked] },
        "it did not run to its end",
      ],
      "has events that are cut off": [
        { ...whole, events: [...failedFor({}), '{"summaryEv'] },
        "its events are not whole",
      ],
      "does not check the whole stack": [
        { ...whole, events: [policyEvent({}), failedPreview, summaryOf("failed")] },
        "the pack has not checked the whole stack",
      ],
      "succeeds in spite of its events": [
        { ...whole, ends: 0 },
        "its events do not fit its exit code 0",
      ],
      "has no SARIF file": [
        { events: whole.events ?? [], ends: 1 },
        "the pack wrote no SARIF file: expected the rule sarif to be enabled",
      ],
      "has a SARIF file that is cut off": [
        { ...whole, sarif: '{"runs": [{' },
        "its SARIF file is not whole",
      ],
      "has the SARIF file of another tool": [
        { ...whole, sarif: { runs: [{ tool: { driver: { name: "other" } }, results: [] }] } },
        "its SARIF file is something else: expected a SARIF file of this pack",
      ],
      "has a SARIF file without what a waiver needs": [
        {
          ...whole,
          sarif: { runs: [{ tool: { driver: { name: "least-privilege-iam" } }, results: [{}] }] },
        },
        "its SARIF file: result 1 has no properties.enforcementLevel: expected a SARIF file of this pack",
      ],
      "has findings that are not in its SARIF file": [
        { ...whole, events: failedFor({}, { name: "b" }) },
        "2 findings of star-resource failed it, but its SARIF file has 1",
      ],
    };
    for (const [what, [preview, why]] of Object.entries(failures)) {
      it(what, async () => {
        pulumi.plan({ ...preview, prints: "error: \u001b[1mthe reason\n" });

        const { code, output, errors } = await run();

        expect([code, output]).to.deep.equal([2, ""]);
        expect(errors).to.equal(
          `running pulumi preview\nerror: \\u001b[1mthe reason\nerror: the preview is not whole: ${why}\n`,
        );
        expect(existsSync(file())).to.equal(false);
        expect(existsSync(pulumi.call()?.privateFolder ?? "")).to.equal(false);
      });
    }

    it("is asked to end, with this command", async () => {
      pulumi.plan({ ...whole, endsCaller: "SIGTERM" });

      const { code, errors } = await run();

      expect(code).to.equal(2);
      expect(errors).to.match(/error: the preview is not whole: it ended with SIGTERM\n$/);
      expect(existsSync(pulumi.call()?.privateFolder ?? "")).to.equal(false);
    });

    it("cannot be started", async () => {
      const { code, errors } = await run([], { PATH: join(folder, "shop") });

      expect(code).to.equal(2);
      expect(errors).to.equal(
        "running pulumi preview\nerror: pulumi cannot be started: it is not on PATH\n",
      );
    });
  });

  it("never writes over a file that appears during the preview", async () => {
    pulumi.plan({ ...previewWith({}), creates: "policy-waivers.json" });

    const { code, errors } = await run();

    expect(code).to.equal(2);
    expect(errors).to.match(/error: policy-waivers.json was not created: .*EEXIST\n$/);
    expect(written()).to.deep.equal([]);
    expect(readdirSync(join(folder, "shop")).sort()).to.deep.equal([
      "Pulumi.yaml",
      "policy-waivers.json",
    ]);
  });

  describe("refuses, before any preview,", () => {
    const refusals: Readonly<
      Record<string, readonly [readonly string[], string, Record<string, string>?]>
    > = {
      "to run in a pipeline": [[], "baseline does not run in a pipeline (CI is set)", { CI: "1" }],
      "an owner without name": [["--owner", " "], '--owner is " ": expected words for reviewers'],
      "a placeholder as reason": [
        ["--reason", "<why>"],
        '--reason is "<why>": expected words for reviewers',
      ],
      "an end that is no day": [["--expires", "soon"], "--expires is soon: expected a day after"],
      "an end that no calendar has": [["--expires", "2026-06-31"], "--expires is 2026-06-31: "],
      "an end today": [["--expires", "2026-06-01"], "--expires is 2026-06-01: expected a day"],
      "an end after more than 180 days": [
        ["--expires", "2026-11-29"],
        "--expires is 2026-11-29: expected a day after today and at most 180 days from now",
      ],
      "a file in a folder that does not exist": [
        ["--out", "no/such.json"],
        "the folder of no/such.json does not exist",
      ],
      "a part of the program": [
        ["--", "--target", "urn"],
        "baseline cannot run a preview with --target:",
      ],
      "a part of the program by a short option": [["--", "-turn"], "with -turn:"],
      "another pack": [["--", "--policy-pack=x"], "with --policy-pack=x:"],
      "another folder": [["--", "-C", ".."], "with -C:"],
      "an option that a variable sets": [
        [],
        "with PULUMI_OPTION_EXCLUDE_DEPENDENTS:",
        { PULUMI_OPTION_EXCLUDE_DEPENDENTS: "true" },
      ],
      "a configuration that is no object": [
        ["--config", "list.json"],
        "list.json is not an object",
      ],
      "a waivers file that exists": [
        ["--out", "list.json"],
        "list.json exists: baseline changes no",
      ],
      "a link that leads nowhere": [["--out", "link.json"], "link.json exists"],
      "the folder itself": [["--out", "."], ". exists: baseline changes no waivers file"],
    };
    for (const [what, [args, message, environment]] of Object.entries(refusals)) {
      it(what, async () => {
        write("list.json", "[]");
        symlinkSync("nowhere", file("link.json"));

        const { code, output, errors } = await run(args, environment);

        expect([code, output]).to.deep.equal([2, ""]);
        expect(errors).to.include(`error: `).and.to.include(message);
        expect(pulumi.call()).to.equal(undefined);
        expect(existsSync(file())).to.equal(false);
      });
    }

    it("the configured waivers file, if it exists", async () => {
      write("config.json", { waivers: { file: "w.json" } });
      write("w.json", [waiver]);

      const { code, errors } = await run(["--config", "config.json"]);

      expect(code).to.equal(2);
      expect(errors).to.equal(
        "error: w.json exists: baseline changes no waivers file. Fix the findings, or add a waiver for each (explain FINDING-ID prints it); for all at once, write another file with --out and move its entries after review\n",
      );
      expect(written("w.json")).to.deep.equal([waiver]);
    });

    for (const missing of ["--owner", "--reason"]) {
      it(`a call without ${missing}`, async () => {
        const at = accepted.indexOf(missing);
        const args = accepted.filter((_, index) => index !== at && index !== at + 1);

        const { code, errors } = await runInMemory(["baseline", ...args], { folder });

        expect(code).to.equal(2);
        expect(errors).to.include(`error: required option '${missing}`);
      });
    }
  });

  it("runs if CI says that this is no pipeline", async () => {
    expect((await run([], { CI: "false" })).code).to.equal(0);
  });
});
