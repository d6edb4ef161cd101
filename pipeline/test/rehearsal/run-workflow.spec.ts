// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub, which look like it
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { artifactActions } from "../../rehearsal/artifacts.ts";
import type { Action } from "../../rehearsal/run-job.ts";
import { runWorkflow } from "../../rehearsal/run-workflow.ts";
import type { Job, Workflow, WorkflowStep } from "../../rehearsal/workflow.ts";

const base = { needs: [], "runs-on": "x", "timeout-minutes": 1, permissions: {} };
const job = (it: Partial<Job>): Job => ({ ...base, steps: [{ run: "true" }], ...it });
const shell = (run: string): WorkflowStep => ({ run });

describe("runWorkflow", () => {
  const folder = mkdtempSync(join(tmpdir(), "workflow-"));
  after(() => rmSync(folder, { recursive: true }));

  const run = (jobs: Workflow["jobs"], actions: Readonly<Record<string, Action>> = {}) =>
    runWorkflow({ on: {}, jobs }, (_id, { environment }) => ({
      run: async (line, env) => {
        const { status, stdout } = spawnSync("bash", ["-c", line], {
          env: { PATH: process.env.PATH, ...env },
        });
        return { code: status ?? 1, output: String(stdout), error: "" };
      },
      contexts: { github: {} },
      environment: {},
      actions,
      ...(environment && { refusal: `not allowed to deploy to ${environment}` }),
    }));
  const results = (ended: Awaited<ReturnType<typeof run>>) =>
    Object.fromEntries(Object.entries(ended).map(([id, it]) => [id, it.conclusion]));

  it("runs each job after those that it needs, with their results and outputs", async () => {
    const ended = await run({
      b: job({
        needs: ["a"],
        steps: [shell("echo ${{ needs.a.result }} ${{ needs.a.outputs.word }}")],
      }),
      a: job({
        outputs: { word: "${{ steps.it.outputs.word }}" },
        steps: [{ id: "it", run: 'echo "word=1" >>"$GITHUB_OUTPUT"' }],
      }),
    });

    expect(ended.b?.steps[0]?.output).to.equal("success 1\n");
  });

  it("skips what needs a failed job, and what needs that, unless its condition says otherwise", async () => {
    const ended = await run({
      a: job({ steps: [shell("exit 1")] }),
      b: job({ needs: ["a"] }),
      c: job({ needs: ["b"] }),
      onFailure: job({ needs: ["c"], if: "failure()" }),
      always: job({ needs: ["b"], if: "always()", steps: [shell("echo ${{ needs.b.result }}")] }),
      alone: job({}),
    });

    expect(results(ended)).to.deep.equal({
      a: "failure",
      b: "skipped",
      c: "skipped",
      onFailure: "success",
      always: "success",
      alone: "success",
    });
    expect(ended.always?.steps[0]?.output).to.equal("skipped\n");
  });

  it("skips what needs a job that was skipped by its own condition", async () => {
    const ended = await run({
      a: job({ if: "github.ref == 'x'" }),
      b: job({ needs: ["a"] }),
      onFailure: job({ needs: ["b"], if: "failure()" }),
    });

    expect(results(ended)).to.deep.equal({ a: "skipped", b: "skipped", onFailure: "skipped" });
  });

  it("starts no job that the environment does not allow", async () => {
    const ended = await run({ a: job({ environment: "production" }) });

    expect(ended.a?.conclusion).to.equal("failure");
    expect(ended.a?.steps.map(({ output }) => output)).to.deep.equal([
      "not allowed to deploy to production",
    ]);
  });

  it("throws for a job that needs itself or one that is not there", async () => {
    const messageOf = (jobs: Workflow["jobs"]) => run(jobs).catch((it: Error) => it.message);

    expect(await messageOf({ a: job({ needs: ["a"] }) })).to.equal("the job a needs itself");
    expect(await messageOf({ a: job({ needs: ["b"] }) })).to.equal(
      "there is no job b, which a needs",
    );
  });

  describe("with artifacts", () => {
    let artifacts: string;
    beforeEach(() => {
      artifacts = mkdtempSync(join(folder, "artifacts-"));
    });
    const upload = (path: string, more = {}): WorkflowStep => ({
      uses: "actions/upload-artifact@v7",
      with: { name: "it", path, ...more },
    });
    const download: WorkflowStep = {
      uses: "actions/download-artifact@v8",
      with: { name: "it", path: "got" },
    };
    const runWith = (...jobs: WorkflowStep[][]) =>
      run(
        Object.fromEntries(
          jobs.map((steps, index) => [
            `job${index}`,
            job({ needs: index > 0 ? [`job${index - 1}`] : [], if: "always()", steps }),
          ]),
        ),
        artifactActions(artifacts),
      );

    it("gives a later job what an earlier one left, without hidden files, and follows links", async () => {
      const ended = await runWith(
        [
          shell("mkdir -p out/sub; echo 1 >out/sub/a; echo 2 >out/.hidden; ln -s sub/a out/link"),
          upload("out"),
        ],
        [download, shell("find got -type f | sort")],
      );

      expect(ended.job1?.steps[1]?.output).to.equal("got/link\ngot/sub/a\n");
    });

    it("gives a single file by its name", async () => {
      const ended = await runWith(
        [shell("mkdir out; echo 1 >out/a.tar"), upload("out/a.tar")],
        [download, shell("ls got")],
      );

      expect(ended.job1?.steps[1]?.output).to.equal("a.tar\n");
    });

    it("fails where one is written twice or is not there, and where no files are an error", async () => {
      const ended = await runWith(
        [download],
        [upload("none")],
        [upload("none", { "if-no-files-found": "error" })],
        [shell("echo 1 >a"), upload("a"), upload("a")],
      );

      expect(Object.values(ended).map((it) => it.steps.at(-1)?.output)).to.deep.equal([
        "Error: no artifact has the name it",
        "",
        ended.job2?.steps[0]?.output,
        "Error: an artifact with the name it already exists",
      ]);
      expect(ended.job2?.steps[0]?.output).to.match(/^Error: no files in .*none$/);
    });

    it("refuses an input that it would ignore", async () => {
      const ended = await runWith([shell("echo 1 >a"), upload("a", { overwrite: true })]);

      expect(ended.job0?.steps[1]?.output).to.equal(
        "Error: the input overwrite is not supported here",
      );
      expect(existsSync(join(artifacts, "it"))).to.equal(false);
    });
  });
});
