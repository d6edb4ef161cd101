// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub, which look like it
import { type StdioOptions, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Action, runJob } from "../../rehearsal/run-job.ts";
import { type Job, readWorkflow } from "../../rehearsal/workflow.ts";

describe("runJob", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "job-spec-"));
    mkdirSync(join(folder, ".github", "workflows"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs a job with these steps, of which each line is in the file. */
  function run(
    steps: string,
    { job = "", actions = {} as Record<string, Action>, composites = {} } = {},
  ) {
    const text = `on: { push: }\npermissions: {}\njobs:\n  it:\n    runs-on: x\n    timeout-minutes: 1\n    permissions: {}\n${job}    steps:\n${steps}`;
    writeFileSync(join(folder, ".github", "workflows", "it.yml"), text);
    const workflow = readWorkflow(folder, "it");
    return runJob(workflow.jobs.it as Job, {
      run: async (line, env) => {
        const options = {
          stdio: ["ignore", "pipe", "pipe"] as StdioOptions,
          env: { PATH: process.env.PATH, ...env },
        };
        const { status, stdout, stderr } = spawnSync("bash", ["-c", line], options);
        return { code: status ?? 1, output: String(stdout), error: String(stderr) };
      },
      contexts: { vars: { ROLE: "r" }, github: { ref: "main" } },
      needs: "success",
      environment: { CI: "true" },
      composites,
      actions: {
        "some/checkout": async ({ workspace }) => {
          cpSync(folder, workspace, { recursive: true });
          return {};
        },
        ...actions,
      },
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
      'inputs: { word: { default: none } }\nruns:\n  using: composite\n  steps:\n    - { shell: bash, run: "echo $ROLE ${{ inputs.word }}" }\n',
    );
    const ended = await run(
      '      - uses: some/checkout@1\n      - uses: some/login@1\n        with: { role: "${{ vars.ROLE }}" }\n      - uses: ./own\n        with: { word: given }\n',
      {
        actions: { "some/login": async ({ inputs }) => ({ ROLE: `session of ${inputs.role}` }) },
      },
    );

    expect(ended.steps.map(({ output }) => output)).to.deep.equal(["", "", "session of r given\n"]);
  });

  it("follows a composite action of another repository: its variables, its folder, its outputs", async () => {
    const other = join(folder, "other");
    mkdirSync(other);
    writeFileSync(
      join(other, "action.yml"),
      [
        'outputs: { word: { value: "${{ steps.a.outputs.word }}" } }',
        "runs:",
        "  using: composite",
        "  steps:",
        "    - id: a",
        "      shell: bash",
        '      run: echo "word=$WHO in ${GITHUB_ACTION_PATH##*/}" >>"$GITHUB_OUTPUT"',
      ].join("\n"),
    );
    const ended = await run(
      '      - { uses: acme/all/other@v1, id: it, env: { WHO: me } }\n      - run: echo "${{ steps.it.outputs.word }}, $WHO"\n',
      { composites: { "acme/all/other": other } },
    );

    expect(ended.steps[1]?.output).to.equal("me in other, \n");
  });

  it("fails a composite action with one of its steps, whose later ones go by the action's steps alone", async () => {
    mkdirSync(join(folder, "own"));
    writeFileSync(
      join(folder, "own", "action.yml"),
      [
        "runs:",
        "  using: composite",
        "  steps:",
        "    - { name: a, shell: bash, run: 'true' }",
        "    - { name: b, shell: bash, run: 'false' }",
        "    - { name: c, shell: bash, run: 'true' }",
        '    - { name: d, shell: bash, if: "!cancelled()", run: "true" }',
      ].join("\n"),
    );
    const ended = await run(
      [
        "      - uses: some/checkout@1",
        "      - { name: first, run: 'false' }",
        '      - { uses: ./own, id: it, if: "always()" }',
        '      - { name: last, if: "always()", run: "echo ${{ steps.it.outcome }}" }',
      ].join("\n"),
    );

    expect(ended.conclusion).to.equal("failure");
    expect(outcomes(ended).slice(1)).to.deep.equal([
      "first: failure",
      "a: success",
      "b: failure",
      "c: skipped",
      "d: success",
      "last: success",
    ]);
    expect(ended.steps.at(-1)?.output).to.equal("failure\n");
  });

  it("keeps what a step adds to the job's summary", async () => {
    const ended = await run('      - run: echo "# Done" >>"$GITHUB_STEP_SUMMARY"');

    expect(ended.steps[0]?.summary).to.equal("# Done\n");
  });

  it("gives later steps the variables and the PATH that a step writes, and not GitHub's own", async () => {
    const ended = await run(
      [
        "      - name: a",
        "        run: |",
        '          mkdir bin; printf "#!/bin/sh\\necho mine" >bin/tool; chmod +x bin/tool',
        '          echo "$PWD/bin" >>"$GITHUB_PATH"',
        '          echo "A=1" >>"$GITHUB_ENV"',
        '          echo "CI=false" >>"$GITHUB_ENV"',
        '      - { name: b, run: "echo $A $CI; tool" }',
        '      - { name: c, run: "echo $A", env: { A: "2" } }',
      ].join("\n"),
    );

    expect(ended.steps.slice(1).map(({ output }) => output)).to.deep.equal([
      "1 true\nmine\n",
      "2\n",
    ]);
  });

  it("follows the commands that a step prints, on standard error as well", async () => {
    const ended = await run(
      [
        "      - name: a",
        "        id: a",
        '        run: echo "::set-output name=word::1"; echo "::error title=T::no" >&2',
        '      - { name: b, run: "echo ${{ steps.a.outputs.word }}" }',
        '      - { name: c, run: "echo ::add-path::/tmp" }',
      ].join("\n"),
    );

    expect(ended.steps[0]?.errors).to.deep.equal(["T: no"]);
    expect(ended.steps[1]?.output).to.equal("1\n");
    expect(ended.steps[2]).to.deep.include({
      outcome: "failure",
      errors: ["The `add-path` command is disabled."],
    });
    expect(ended.conclusion).to.equal("failure");
  });

  it("lets a job's outputs name what a step ended with, whatever the step wrote", async () => {
    const ended = await run(
      [
        "      - id: a",
        "        continue-on-error: \"${{ vars.ROLE == 'r' }}\"",
        '        run: echo "outcome=success" >>"$GITHUB_OUTPUT"; exit 3',
      ].join("\n"),
      { job: '    outputs: { outcome: "${{ steps.a.outcome }}-${{ steps.a.conclusion }}" }\n' },
    );

    expect(ended.outputs).to.deep.equal({ outcome: "failure-success" });
    expect(ended.conclusion).to.equal("success");
  });

  it("skips a job whose condition does not hold", async () => {
    const ended = await run("      - run: exit 1", { job: "    if: vars.ROLE == ''\n" });

    expect(ended).to.deep.equal({ conclusion: "skipped", steps: [], outputs: {} });
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
      errors: [],
      summary: "",
    });
  });

  for (const [what, steps, error] of [
    ["an action without a stand-in", "      - uses: some/thing@1", "some/thing@1"],
    ["a shell that it does not have", "      - { run: ls, shell: pwsh }", "pwsh"],
    [
      "a key of a step that it would pass over",
      "      - { run: ls, working-directory: x }",
      "working-directory",
    ],
    ["a composite action before the checkout", "      - uses: ./own", "own"],
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
