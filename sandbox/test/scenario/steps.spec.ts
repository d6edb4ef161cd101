import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runSteps, type Step, type StepResult } from "../../scenario/steps.ts";

describe("runSteps", () => {
  const { log } = console;
  let shown: string[] = [];
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "steps-"));
    shown = [];
    console.log = (line: string) => shown.push(line);
  });

  afterEach(() => {
    console.log = log;
    rmSync(folder, { recursive: true });
  });

  const resultFile = () => join(folder, "new", "result.json");
  const readResults = () => readFileSync(resultFile(), "utf8");
  const run = (steps: Step[], isInterrupted = () => false) =>
    runSteps(steps, { resultFile: resultFile(), isInterrupted });

  function step(name: string, does: () => string[] = () => []): Step {
    return { name, run: async () => does() };
  }

  function fails(message: string): () => never {
    return () => {
      throw new Error(message);
    };
  }

  /** Without the time, which differs from run to run. */
  function timeless(results: StepResult[]) {
    return results.map(({ name, ok, evidence }) => ({ name, ok, evidence }));
  }

  it("runs the steps in order and returns what each saw", async () => {
    const results = await run([step("one", () => ["a", "b"]), step("two")]);

    expect(timeless(results)).to.deep.equal([
      { name: "one", ok: true, evidence: ["a", "b"] },
      { name: "two", ok: true, evidence: [] },
    ]);
  });

  it("measures each step in whole milliseconds", async () => {
    const [result] = await run([step("one")]);

    expect(result?.milliseconds).to.satisfy(Number.isInteger);
    expect(result?.milliseconds).to.be.at.least(0);
  });

  it("stops at the first step that fails, with the error's lines as evidence", async () => {
    const steps = [step("one"), step("two", fails("wrong\nbecause")), step("three")];

    expect(timeless(await run(steps))).to.deep.equal([
      { name: "one", ok: true, evidence: [] },
      { name: "two", ok: false, evidence: ["wrong", "because"] },
    ]);
  });

  it("uses what is thrown as a string if it is not an error", async () => {
    const steps = [{ name: "one", run: () => Promise.reject("gone") }];

    expect(timeless(await run(steps))).to.deep.equal([
      { name: "one", ok: false, evidence: ["gone"] },
    ]);
  });

  it("stops before the next step when it is interrupted", async () => {
    let isInterrupted = false;
    const interrupt = () => {
      isInterrupted = true;
      return ["done"];
    };

    const results = await run([step("one", interrupt), step("two")], () => isInterrupted);

    expect(timeless(results)).to.deep.equal([{ name: "one", ok: true, evidence: ["done"] }]);
  });

  it("writes a JSON list with a line for each step", async () => {
    const results = await run([step("one", () => ["a"]), step("two", fails("wrong"))]);

    expect(JSON.parse(readResults())).to.deep.equal(results);
    expect(
      readResults()
        .split("\n")
        .map((line) => line.slice(0, 16)),
    ).to.deep.equal(["[", '  {"name":"one",', '  {"name":"two",', "]", ""]);
  });

  it("has the results so far in the file while a step runs", async () => {
    let names: string[] = [];
    const read = () => {
      names = JSON.parse(readResults()).map(({ name }: StepResult) => name);
      return [];
    };

    await run([step("one"), step("two", read)]);

    expect(names).to.deep.equal(["one"]);
  });

  it("writes no file when it is interrupted before the first step", async () => {
    const results = await run([step("one")], () => true);

    expect(results).to.deep.equal([]);
    expect(existsSync(resultFile())).to.equal(false);
  });

  it("shows each step with its number, outcome and evidence", async () => {
    await run([step("one", () => ["a"]), step("two", fails("wrong"))]);

    expect(shown).to.deep.equal([
      "✓  1/2 one (0.0 s)",
      "        a",
      "✗  2/2 two (0.0 s)",
      "        wrong",
    ]);
  });
});
