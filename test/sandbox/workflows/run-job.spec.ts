// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub, which look like it
import { type StdioOptions, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Action, runJob } from "../../../sandbox/workflows/run-job.ts";
import { readJob } from "../../../sandbox/workflows/workflow.ts";

describe("runJob", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "job-spec-"));
    mkdirSync(join(folder, ".github", "workflows"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs a job with these steps, of which each line stands in the file. */
  function run(steps: string, { job = "", actions = {} as Record<string, Action> } = {}) {
    const text = `jobs:\n  it:\n    runs-on: x\n    timeout-minutes: 1\n    permissions: {}\n${job}    steps:\n${steps}`;
    writeFileSync(join(folder, ".github", "workflows", "it.yml"), text);
    return runJob(readJob(folder, "it"), {
      checkout: {
        folder,
        run: async (line, env = {}) => {
          const options = {
            cwd: folder,
            stdio: ["ignore", "pipe", "pipe"] as StdioOptions,
            env: { PATH: process.env.PATH, ...env },
          };
          const { status, stdout, stderr } = spawnSync("bash", ["-c", line], options);
          return { code: status ?? 1, output: String(stdout), error: String(stderr) };
        },
      },
      contexts: { vars: { ROLE: "r" }, github: { ref: "main" } },
      environment: { CI: "true" },
      actions,
    });
  }

  const outcomes = ({ steps }: Awaited<ReturnType<typeof run>>) =>
    steps.map(({ name, outcome }) => `${name}: ${outcome}`);

  it("gives a step its variables, and later steps its outputs", async () => {
    const ended = await run(
      [
        "      - name: a",
        "        id: a",
        '        run: echo "word=$CI-$WHO-$IT" >>"$GITHUB_OUTPUT"',
        '        env: { IT: "${{ vars.ROLE }}" }',
        "      - name: b",
        "        run: echo got ${{ steps.a.outputs.word }}",
      ].join("\n"),
      { job: '    env: { WHO: "${{ github.ref }}" }\n' },
    );

    expect(ended.conclusion).to.equal("success");
    expect(ended.steps[1]?.output).to.equal("got true-main-r\n");
  });

  it("ends a script at its first command that fails, and passes over what follows", async () => {
    const ended = await run(
      [
        '      - { name: a, run: "false\\necho on" }',
        '      - { name: b, run: "echo b" }',
        '      - { name: c, if: "failure()", run: "echo c" }',
      ].join("\n"),
    );

    expect(ended.conclusion).to.equal("failure");
    expect(ended.steps[0]?.output).to.equal("");
    expect(outcomes(ended)).to.deep.equal(["a: failure", "b: skipped", "c: success"]);
  });

  it("goes on after a step that may fail", async () => {
    const ended = await run(
      '      - { name: a, continue-on-error: true, run: "exit 3" }\n      - { name: b, run: "true" }',
    );

    expect(ended.conclusion).to.equal("success");
    expect(outcomes(ended)).to.deep.equal(["a: failure", "b: success"]);
  });

  it("follows a composite action, and gives what an action sets to the scripts after it", async () => {
    mkdirSync(join(folder, "own"));
    writeFileSync(
      join(folder, "own", "action.yml"),
      'runs:\n  using: composite\n  steps:\n    - { shell: bash, run: "echo $ROLE" }\n',
    );
    const ended = await run(
      '      - uses: some/login@1\n        with: { role: "${{ vars.ROLE }}" }\n      - uses: ./own\n',
      {
        actions: { "some/login": async ({ inputs }) => ({ ROLE: `session of ${inputs.role}` }) },
      },
    );

    expect(ended.steps.map(({ output }) => output)).to.deep.equal(["", "session of r\n"]);
  });

  it("skips a job whose condition does not hold", async () => {
    const ended = await run("      - run: exit 1", { job: "    if: vars.ROLE == ''\n" });

    expect(ended).to.deep.equal({ conclusion: "skipped", steps: [] });
  });

  it("fails a step whose action refuses", async () => {
    const refuse = async () => {
      throw new Error("no such role");
    };
    const ended = await run("      - uses: some/login@1", { actions: { "some/login": refuse } });

    expect(ended.steps[0]).to.deep.equal({
      name: "some/login",
      outcome: "failure",
      output: "Error: no such role",
    });
  });

  for (const [what, steps, error] of [
    ["an action that nothing stands for", "      - uses: some/thing@1", "some/thing@1"],
    ["a shell that it does not have", "      - { run: ls, shell: pwsh }", "pwsh"],
    [
      "a key of a step that it would pass over",
      "      - { run: ls, working-directory: x }",
      "working-directory",
    ],
  ] as const) {
    it(`throws for ${what}`, async () => {
      const error_ = await Promise.resolve()
        .then(() => run(steps))
        .then(
          () => "",
          (it: Error) => it.message,
        );

      expect(error_).to.include(error);
    });
  }
});
